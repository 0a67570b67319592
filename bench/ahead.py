"""Measures how soon the next section is painted after a press, where the browser may render it ahead.

    .venv/bin/python bench/ahead.py [--quick]

Chromium renders nothing ahead while Playwright drives it, as `taps.py` needs it. So this benchmark has
Chromium on a screen of its own (Xvfb), moves a real pointer (xdotool), and lets a script in the pages report when they
were painted. A control group gives the browser a quarter of the processors, if this user may make one. The exit status
is 1 if the promise is not held.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from front import REPORTS, Front, fronted
from pages import promise
from serving import ROOT

sys.path.insert(0, str(ROOT))

from tests.browser import QUIETLY, chromium
from tests.journeys.lesson import lesson
from tests.journeys.server import served
from tests.journeys.showcase import furnished, signed_in

LATEST = 100  # milliseconds from the press to the first paint, in the median
TAPS = 10
PATIENCE = 30  # seconds in which a page has to report
REST, SHORT_REST = 2.5, 0.4  # seconds for which the pointer is over the link before it is pressed
WIDTH, HEIGHT = 390, 844  # of the screen, in pixels
MODULES = (lesson("menulis-modul"), lesson("ai-engineer-dan-ml-engineer"))
GROUPS = Path("/sys/fs/cgroup/cpu")
GROUP = GROUPS / "tuntas-bench"
PERIOD, SHARE = 4000, 0.25  # microseconds; the part of all processors that the browser may use
# `loop` is the time of a loop that is the same on every machine: it shows how slow the processor is made.
PROBE = """
const tell = (report) => navigator.sendBeacon("REPORTS", JSON.stringify({ ...report, path: location.pathname }));
addEventListener("pointerdown", (event) => tell({ pressed: performance.timeOrigin + event.timeStamp }), { capture: true });

function begin() {
  const { activationStart } = performance.getEntriesByType("navigation")[0];
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) tell({ painted: performance.timeOrigin + paint.startTime, ahead: activationStart > 0 });
  }).observe({ type: "paint", buffered: true });
  setTimeout(() => {
    const began = performance.now();
    let sum = 0;
    for (let number = 0; number < 2e7; number += 1) sum += number % 7;
    const loop = performance.now() - began;
    const link = document.querySelector(".turn .on a[data-prefetch]");
    link?.scrollIntoView({ behavior: "instant", block: "center" });
    setTimeout(() => { // the screen shows it where it is
      const { x = 0, y = 0, width = 0, height = 0 } = link?.getBoundingClientRect() ?? {};
      tell({ link: link ? [x + width / 2, y + height / 2] : null, loop: loop + (sum < 0) });
    }, 1000);
  }, 1000);
}

if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
else begin();
""".replace("REPORTS", REPORTS)


@dataclass(frozen=True)
class Press:
    """The milliseconds from a press to the first paint, and whether the page was rendered ahead."""

    painted: float
    is_ahead: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="4 presses of each kind instead of 10")
    presses = 4 if parser.parse_args().quick else TAPS
    for program in ("Xvfb", "xdotool"):
        if not shutil.which(program):
            sys.exit(f"This benchmark needs {program}: install the Debian packages xvfb and xdotool.")
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder, served(Path(folder)) as site:
        furnished(site)
        with fronted(site.address, signed_in(site), PROBE) as front, screen() as display:
            print("| processor | pointer | rules | first paint | slowest | rendered ahead | loop |")
            print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
            held = [kind(front, display, presses, *each) for each in kinds()]
    with suppress(OSError):  # there is none, or a process of it has not ended yet
        GROUP.rmdir()
    print(f"\n  rendered ahead, painted within {LATEST} ms  {promise(all(held))}")
    return 0 if all(held) else 1


def kinds() -> Iterator[tuple[bool, float, frozenset[str]]]:
    """Yields whether the processor is slow, how long the pointer rests on the link, and the rules to leave out."""
    for is_slow in [False, True] if can_slow() else [False]:
        for rest in (REST, SHORT_REST):
            yield is_slow, rest, frozenset({"prerender"})
            yield is_slow, rest, frozenset()


def kind(
    front: Front, display: str, presses: int, is_slow: bool, rest: float, left_out: frozenset[str]
) -> bool:
    """Prints a row. Returns whether it holds the promise, which is for pages that may be rendered ahead in time."""
    front.left_out = left_out
    found: list[Press] = []
    loops: list[float] = []
    for module in MODULES:
        start = f"{front.address}{module.address}{module.document.sections[0].identity}/"
        front.reports = Queue()  # the last page of the browser before may have told something, too
        with browser(display, start, is_slow=is_slow):
            walk(front, display, rest, presses - len(found), found, loops)
    median = statistics.median(press.painted for press in found)
    cells = [
        "a quarter" if is_slow else "whole",
        f"rests {rest} s",
        "prefetch" if left_out else "prefetch and prerender",
        f"{median:.0f} ms",
        f"{max(press.painted for press in found):.0f} ms",
        f"{sum(press.is_ahead for press in found)} of {len(found)}",
        f"{statistics.median(loops):.0f} ms",
    ]
    print(f"| {' | '.join(cells)} |", flush=True)
    return bool(left_out) or rest < REST or median < LATEST


def walk(front: Front, display: str, rest: float, most: int, found: list[Press], loops: list[float]) -> None:
    """Presses on the way to the next section until a page has none."""
    for _press in range(most):
        page = report(front, "link")
        loops.append(page["loop"])
        if page["link"] is None:
            return
        move(display, *page["link"])
        time.sleep(rest)
        xdotool(display, "click", "1")
        pressed = report(front, "pressed")["pressed"]
        painted = report(front, "painted")
        found.append(Press(painted["painted"] - pressed, painted["ahead"]))
        move(display, 1, HEIGHT / 2)


def report(front: Front, key: str) -> dict:
    """Returns the next report with a key. Others are of no use any more."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            got = front.reports.get(timeout=1)
        except Empty:
            continue
        if key in got:
            return got
    raise RuntimeError(f"No page reported {key}.")


def move(display: str, x: float, y: float) -> None:
    xdotool(display, "mousemove", str(round(x)), str(round(y)))


def xdotool(display: str, *arguments: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    subprocess.run(["xdotool", *arguments], env=environment, check=True, stderr=subprocess.DEVNULL)


@contextmanager
def screen() -> Iterator[str]:
    """Starts a screen without a device, and yields its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def browser(display: str, address: str, *, is_slow: bool) -> Iterator[None]:
    """Opens an address in a new Chromium that fills the screen."""
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-", ignore_cleanup_errors=True) as profile:
        place = [
            f"--user-data-dir={profile}",
            "--kiosk",
            f"--window-size={WIDTH},{HEIGHT}",
            "--window-position=0,0",
        ]
        command = [
            chromium(),
            *QUIETLY,
            "--no-default-browser-check",
            "--password-store=basic",
            *place,
            address,
        ]
        process = subprocess.Popen(
            command,
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def can_slow() -> bool:
    """Tells whether this user may make a control group, of the first kind."""
    return os.access(GROUPS / "cpu.cfs_quota_us", os.F_OK) and os.access(GROUPS, os.W_OK)


def slowly() -> list[str]:
    """Returns what goes before a command, so that it and all that it starts have a part of the processors."""
    GROUP.mkdir(exist_ok=True)
    (GROUP / "cpu.cfs_period_us").write_text(str(PERIOD))
    (GROUP / "cpu.cfs_quota_us").write_text(str(round(PERIOD * SHARE * (os.cpu_count() or 1))))
    return ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(GROUP)]


if __name__ == "__main__":
    sys.exit(main())
