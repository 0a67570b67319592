"""Brings Indonesian words together that the stemmer leaves apart, by a list of roots.

The stemmer knows no dictionary. It cannot know that “menulis” comes from “tulis” and “mengirim” from “kirim”, since the
prefix has taken the first letter, and it takes the “i” of “nilai” for a suffix. So the forms that each root of the list
has by rule lead to the root.
"""

from __future__ import annotations

from collections.abc import Iterator

KNOWN = (
    "tulis tanya terap tentu tepat tambah kurang kira kirim terima temu tampil tunjuk terang kembang tumbuh "
    "naik turun kecil tinggi rendah kuasa periksa rusak nyata kelola tuntas kumpul kelompok tarik tunggu "
    "tolong tolak tuju tukar milik punya perintah minta tawar kabar kisah tonton tidur timbang tebak kendali "
    "nalar teliti tafsir ringkas rangkum kutip rujuk nilai pakai mulai sesuai capai selesai urai gapai rangkai "
    "tanda jumpai ketik tekan tutup kunci kecuali kaji kait kenal kontrol konversi konsumsi koreksi kombinasi "
    "komunikasi kalibrasi klasifikasi korelasi tetap tuang tugas tunda taat takluk tangkap tangan tata telaah "
    "telusur tempel tempuh tembus tentang terjemah ubah tiru titip topang tumpuk tuntut tuntun kandung kejar "
    "kemas kikis kupas kurung kutuk muat ramal rancang rencana ragam rekam rinci rasa rumus saji saring "
    "sambung susun simpan simpul sebut salah sebar pilih pecah pisah paham prediksi presisi proses produksi "
    "promosi program potong pasang padu pandu pantau latih hitung ajar baca uji banding guna bagi atur ukur "
    "olah amat awas acu ambil angkat antar anjur asah asuh dapat duga dorong dukung dengar deteksi definisi "
    "desain bantu bentuk bangun buat buka bukti beda gabung ganti gambar ganggu golong gerak hapus hasil hemat "
    "henti hubung hadap jelas jadwal jaga jalan jawab jual lihat lindung lupa lanjut lapor letak lukis ingat "
    "inti isi ikut impor ekspor evaluasi analisis analisa validasi optimal rata tanggap teman tahan tanam "
    "tumpah tusuk kata kosong kotor kuat kering kerja karang kacau kagum kalah kejut kemudi kenang keras keruk "
    "kisar konfirmasi konfigurasi konsultasi konsentrasi kontribusi koordinasi kritik kunjung kutub tegas "
    "tegur tertib timbun tindak tinjau tuduh tunjang tampung tanggung tambal taruh tebal teladan tenang "
    "terbang tetes tuai tular pangkas pantul paksa pesan petik pikir pimpin pindah potret puji pukul pulih "
    "punah putus saksi sangga saran satu sebab sedia seleksi sentuh serap sesal setuju siap siar siasat sisip "
    "soal sokong sukses surat susul syarat"
)
# By the first letter of a root, the sound that the prefixes “me-” and “pe-” put before it.
NASAL = {"b": "m", "f": "m", "p": "m", "c": "n", "d": "n", "j": "n", "z": "n", "t": "n", "s": "ny"}
NASAL |= dict.fromkeys("ghk", "ng")
LOST = frozenset("ptks")  # the first letters that a prefix takes away, before a vowel
VOWELS = frozenset("aiueo")
SUFFIXES = ("", "i", "kan", "an")
ENDINGS = ("nya", "lah", "kah", "pun", "ku", "mu")  # may stand at the end of every word


def root_of(word: str) -> str | None:
    """Returns the root of a form of the list, or ``None``."""
    root = FORMS.get(word)
    if root is None:
        bare = next((word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)), word)
        root = FORMS.get(bare)
    return root


def _all_forms() -> dict[str, str]:
    """Returns the roots of the list by their forms. A form of two roots leads to neither, unless it is a root."""
    roots = dict.fromkeys(KNOWN.split())
    found: dict[str, set[str]] = {}
    for root in roots:
        for form in _forms(root):
            found.setdefault(form, set()).add(root)
    return {form: next(iter(of)) for form, of in found.items() if len(of) == 1 and form not in roots} | {
        root: root for root in roots
    }


def _forms(root: str) -> Iterator[str]:
    stems = [root, _with_nasal("me", root), _with_nasal("pe", root), f"di{root}", f"ter{root}"]
    stems += [f"ber{root}", f"per{root}", f"memper{root}", f"diper{root}"]
    for stem in stems:
        yield from (f"{stem}{suffix}" for suffix in SUFFIXES)
    yield f"ke{root}an"


def _with_nasal(prefix: str, root: str) -> str:
    """Returns a root with “me-” or “pe-”: “tulis” becomes “menulis”, and “ajar” becomes “mengajar”."""
    first, rest = root[0], root[1:]
    if first in VOWELS:
        return f"{prefix}ng{root}"
    if first in LOST and rest[0] in VOWELS:
        return f"{prefix}{NASAL[first]}{rest}"
    return f"{prefix}{NASAL.get(first, '')}{root}"


FORMS = _all_forms()
