"""Lists words that say nothing by themselves, in Indonesian and in English."""

INDONESIAN = (
    "ada adalah agar akan anda antara apa apakah atas atau bagaimana bagi bahwa bila bisa boleh bukan dalam dan dapat "
    "dari daripada dengan di dia hanya harus hingga ia ialah ini itu jadi jika juga kah kalau kami kapan karena ke "
    "kepada kita lagi lah maka mana masih mengapa menjadi merupakan mereka namun nya oleh pada pula pun saat saja "
    "sampai sangat saya sebab sebagai sebuah seperti serta siapa suatu sudah supaya tanpa tapi telah tentang tersebut "
    "tetapi tidak untuk yaitu yakni yang"
)
ENGLISH = (
    "a about am an and are as at be been but by can did do does for from had has have he her his how i if in into is "
    "it its me my no not of on or our she so than that the their them then there these they this to was we were what "
    "when where which who whom why will with would you your"
)
STOP_WORDS = frozenset([*INDONESIAN.split(), *ENGLISH.split()])
