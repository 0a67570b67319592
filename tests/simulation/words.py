"""Provides Indonesian words for the authors: common ones, and some that belong to the topic of an author."""

from __future__ import annotations

from bisect import bisect
from functools import cached_property
from itertools import accumulate
from random import Random

from .translation import translated


def _word_list(words: str) -> list[str]:
    return words.split()


FUNCTION_WORDS = _word_list("""
    yang dan di dari untuk dengan pada adalah ini itu dalam tidak akan ke oleh juga karena sebagai dapat lebih atau
    setiap bila agar sudah harus satu dua banyak lain antara seperti hanya masih ketika sehingga bukan kita Anda
    """)  # fmt: skip

WORDS = _word_list("""
    air api tanah udara cahaya suhu tekanan gaya massa energi listrik magnet gelombang bunyi atom molekul sel jaringan
    akar batang daun bunga buah biji hewan tumbuhan manusia jantung paru darah otak saraf tulang otot kulit mata telinga
    planet bintang bulan matahari bumi orbit langit awan hujan angin badai musim iklim laut sungai danau gunung lembah
    pantai hutan sawah ladang kebun desa kota jalan jembatan pasar toko rumah sekolah kantor pabrik gudang pelabuhan
    kapal kereta mobil sepeda mesin roda rantai rem tuas pompa pipa kawat kabel baterai lampu sakelar sensor layar
    komputer program data berkas tabel baris kolom indeks kunci kata kalimat paragraf teks huruf angka bilangan pecahan
    persen rata-rata jumlah selisih hasil ukuran satuan panjang lebar tinggi luas isi berat waktu jam menit detik hari
    minggu tahun abad sejarah kerajaan raja perang damai perjanjian undang-undang negara rakyat pemimpin pemilihan suara
    hak kewajiban hukum hakim saksi bukti alasan pendapat gagasan rencana tujuan langkah cara metode contoh kasus masalah
    jawaban pertanyaan penjelasan catatan laporan ringkasan gambar peta grafik diagram model pola aturan syarat batas
    risiko biaya harga modal untung rugi pajak bunga-bank tabungan pinjaman anggaran belanja penjual pembeli pelanggan
    layanan produk bahan mutu cacat uji percobaan pengamatan ukur timbang hitung catat bandingkan periksa perbaiki bersihkan
    bongkar pasang sambung potong ikat lipat campur panaskan dinginkan saring tuang aduk rebus goreng panggang garam gula
    tepung beras jagung telur susu daging ikan sayur bumbu minyak cuka ragi adonan oven panci pisau sendok piring meja
    kursi lemari pintu jendela atap dinding lantai cat kayu besi baja tembaga emas perak kaca plastik karet kertas kain
    benang jarum warna merah biru hijau kuning putih hitam terang gelap panas dingin keras lunak kasar halus cepat lambat
    besar kecil muda tua baru lama benar salah mudah sulit kuat lemah penuh kosong bersih kotor aman bahaya penting utama
    awal akhir pertama kedua ketiga bagian seluruh separuh sebagian bersama sendiri langsung perlahan biasanya kadang sering
    jarang selalu mulai berhenti berubah tumbuh bergerak berputar naik turun masuk keluar membawa memberi menerima memakai
    membuat menyusun memilih menentukan menjaga menyimpan mengirim membaca menulis mendengar melihat berbicara belajar
    mengajar bertanya menjawab memahami mengingat melatih mencoba mengulang memeriksa mengukur membandingkan menghitung
    """)  # fmt: skip

HEADINGS = _word_list("""
    Pengertian Sejarah Bahan Cara Tujuan Manfaat Jenis Sifat Contoh Penyebab Akibat Perbandingan Langkah Alat Tahap
    Perawatan Pengukuran Perhitungan Hubungan Pengaruh Kesalahan Persiapan Pengujian Penerapan Dasar
    """)  # fmt: skip

REPEATED = ("Latihan", "Ringkasan", "Contoh", "Catatan")
TOPIC_WORDS = 30
RARE = 0.08  # share of the sentences with a number or a link


class Language:
    """Writes random text of one author on one topic. A few words are frequent and most are rare."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.topic = random.sample(WORDS, TOPIC_WORDS)
        others = [word for word in WORDS if word not in self.topic]
        random.shuffle(others)
        self.ranked = [*FUNCTION_WORDS[:12], *self.topic, *FUNCTION_WORDS[12:], *others]
        self.is_foreign = False  # as long as the author's document is translated

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 4) for rank in range(len(self.ranked))))

    def word(self) -> str:
        return self._said(self.ranked[bisect(self._weights, self.random.random() * self._weights[-1])])

    def _said(self, text: str) -> str:
        return translated(text) if self.is_foreign else text

    def words(self, least: int, most: int) -> list[str]:
        """Returns a random number of words, with no word twice in a row."""
        chosen: list[str] = []
        length = self.random.randint(least, most)
        while len(chosen) < length:
            if (word := self.word()) not in chosen[-1:]:
                chosen.append(word)
        return chosen

    def sentence(self) -> str:
        words = self.words(6, 16)
        if self.random.random() < RARE:
            words.append(self._number_or_link())
        text = " ".join(words)
        return text[0].upper() + text[1:] + "."

    def _number_or_link(self) -> str:
        number = self.random.randint(12, 9999)
        return str(number) if self.random.random() < 0.5 else f"[{self.word()}](https://contoh.id/{number})"

    def code(self) -> str:
        """Returns a line of code such as “suhu = ukur(air, 42)”."""
        result, function, value = self.random.sample(self.topic, 3)
        return f"{result} = {function}({value}, {self.random.randint(1, 99)})"

    def sentences(self, least: int, most: int) -> tuple[str, ...]:
        return tuple(self.sentence() for _ in range(self.random.randint(least, most)))

    def heading(self) -> str:
        """Returns a heading such as “Pengukuran suhu” or “Cara bersihkan rantai dan roda”."""
        topic = self.random.sample(self.topic, self.random.randint(1, 3))
        return self._said(" ".join([self.random.choice(HEADINGS), *topic]))

    def prompt(self) -> str:
        first = self.random.choice(("Apa", "Mengapa", "Berapa", "Bagaimana", "Manakah", "Kapan"))
        return " ".join([self._said(first), *self.words(3, 9)]) + "?"

    def phrase(self) -> str:
        """Returns the text of a choice, from one word to a short sentence."""
        text = " ".join(self.words(1, 7))
        return text[0].upper() + text[1:]


def with_typo(random: Random, text: str) -> str:
    """Returns a text in which one letter of a longer word is missing, doubled, or in the wrong place."""
    places = [place for place in range(1, len(text) - 2) if text[place - 1 : place + 3].isalpha()]
    if not places:
        return text
    place = random.choice(places)
    first, second = text[place], text[place + 1]
    wrong = random.choice((second, first + first + second, second + first))
    return text[:place] + wrong + text[place + 2 :]


def reworded(random: Random, text: str, language: Language) -> str:
    """Returns a sentence with about a quarter of its words replaced."""
    words = text.split(" ")
    for _ in range(max(1, len(words) // 4)):
        words[random.randrange(len(words))] = language.word()
    return " ".join(words)
