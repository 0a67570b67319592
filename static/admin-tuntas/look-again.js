// Looks again at a page that waits for the worker, and shows how far it is. When the page waits no longer, it is opened.
// The element with data-look-again says after how many seconds, and its id which of several it is. Without JavaScript, the page refreshes itself.

const waiting = document.querySelector("[data-look-again]");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = waiting.id ? found.getElementById(waiting.id) : found.querySelector("[data-look-again]");
    if (!news) return location.reload();
    if (news.innerHTML !== waiting.innerHTML) waiting.innerHTML = news.innerHTML;
  } catch {
    // The network is away for a moment. The page looks again later.
  }
  wait();
}

function wait() {
  setTimeout(look, 1000 * Number(waiting.dataset.lookAgain));
}

wait();
