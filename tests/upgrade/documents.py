"""Holds the documents that the school of a fixture has loaded."""

ORBITS = """\
---
# A comment that stays.
title: Orbits
slug: orbits
language: en
attempts: 3
review: submitted
---

# Orbits

Why planets do not fall down.

## Falling around {#falling}

A satellite falls all the time, and misses the ground.

## Ellipses {#ellipses}

Kepler found that orbits are ellipses.

## Old maps {#maps}

People drew circles on circles.

## Final quiz

### What shape has an orbit? {#shape points=2}

- [x] A circle
- [ ] An ellipse

> See [Ellipses](#ellipses).

### Who found it? {#who}

- [=] Kepler

### How many planets does the Sun have? {#count}

- [=] 8 ± 0

### Which are planets? {#which}

- [x] Mars
- [x] Venus
- [ ] The Moon
- [ ] Pluto
"""

# The key is corrected, a section is archived with its readings, a text is to be read again, a question goes.
ORBITS_LATER = (
    ORBITS.replace("slug: orbits\n", "slug: orbits-of-planets\n")
    .replace("- [x] A circle\n- [ ] An ellipse", "- [ ] A circle\n- [x] An ellipse")
    .replace("and misses the ground.", "and misses the ground because it moves sideways as fast as it falls.")
    .replace("## Old maps {#maps}\n\nPeople drew circles on circles.\n\n", "")
    .replace("### How many planets does the Sun have? {#count}\n\n- [=] 8 ± 0\n\n", "")
)
ORBITS_DRAFT = ORBITS_LATER.replace("Kepler found", "Kepler noticed").replace("attempts: 3", "attempts: 4")

LEAVES = """\
---
title: Daun
slug: daun
time_limit: 30
late: grace
grace: 15
counts: last
---

# Daun

Pengantar dengan ![gambar](daun.png).

## Mengapa hijau {#hijau}

Klorofil menyerap merah dan biru. ![Sehelai daun](daun.png)

### Cek {.check}

#### Warna apa yang dipantulkan?

- [x] Hijau
- [ ] Biru

## Kuis akhir

### Warna {draw=1}

#### Apa warna klorofil?

- [x] Hijau
- [ ] Merah

#### Apa warna wortel?

- [x] Jingga
- [ ] Biru

### Apa yang diserap akar?

- [=] air
"""
RIVERS = "# Sungai\r\n\r\n## Hulu\r\n\r\nKecil dan deras.\r\n\r\n## Kuis\r\n\r\n### Di mana sungai bermula?\r\n\r\n- [=] hulu\r\n"
SCENES = "# Pentas\n\n## Panggung\n\nPapan kayu.\n\n## Kuis akhir\n\n### Terbuat dari apa?\n\n- [=] kayu\n"
SCENES_LATER = SCENES.partition("## Kuis akhir")[0]

CLOUDS = "# Awan\n\n## Tinggi {#tinggi}\n\nSirus tipis.\n\n## Rendah {#rendah}\n\nStratus kelabu.\n"
CLOUDS_SHORTER = CLOUDS.partition("## Rendah")[0]
