"""Names of people: kept as written, found without marks, listed by given name. No database.

A name is stored as it stands on the paper; only NFC and single spaces are unified. The keys beside it are for search
and order and are never shown (one-stop.md F.1 to F.3).
"""

import re
import unicodedata

_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng; ngang is 0
_SHAPES = {"\u0306": "1", "\u0302": "2", "\u031b": "3"}  # ă before â, ô before ơ
_LONGEST = 100
_MARKS_AT_MOST = 4  # Ê Đê and Ba Na letters such as `ô̆` have no single code point; more than a few is no name
_WORDS_AT_MOST = 12


def clean(name: str) -> str:
    """NFC, trimmed, single spaces: the only changes a name meets before it is stored."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def visible(text: str) -> str:
    """Without what no screen shows and a paper may show otherwise: control signs, marks that turn the writing round,
    spaces of no width. Lines stay lines."""
    return "".join(sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))


def is_name(text: str) -> bool:
    """Whether `text` can be a person's name: Latin letters, spaces, apostrophes, hyphens, 1 to 100 characters.

    Letters of other alphabets look like ours and are not (a Cyrillic `а`), so they are no name here; nor is a heap of
    combining marks.
    """
    name = clean(text)
    if not 1 <= len(name) <= _LONGEST or not _is_letter(name[0]):
        return False
    marks = 0
    for before, sign in zip(" " + name, name, strict=False):
        if unicodedata.combining(sign):
            marks += 1
            if not _is_letter(before) or marks > _MARKS_AT_MOST:
                return False
        elif not _is_letter(sign) and sign not in " -'’ʼ":
            return False
    return True


def _is_letter(sign: str) -> bool:
    in_range = sign <= "\u024f" or "\u1e00" <= sign <= "\u1eff"
    return in_range and unicodedata.category(sign) in ("Lu", "Ll", "Lt")


def search_key(name: str) -> str:
    """Lower case without any mark, đ and its look-alikes as d, single spaces: `nguyen van mau`.

    The same for NFC and NFD and for both places of the tone (`hoà`, `hòa`).
    """
    plain = unicodedata.normalize("NFD", name.translate(_LOOK_ALIKES).translate(_APOSTROPHES).lower())
    bare = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn").replace("đ", "d")
    return clean(bare)


def exact_key(name: str) -> str:
    """Lower case with its marks, the tone where newer spelling puts it (`hoà` → `hòa`): ranks exact marks first."""
    lower = clean(name.translate(_LOOK_ALIKES).translate(_APOSTROPHES).lower())
    return " ".join(_tone_in_place(word) for word in lower.split(" "))


_OPEN_RIMES = ("oa", "oe", "uy")


def _tone_in_place(word: str) -> str:
    """Only open `oa oe uy` are written two ways; after q the u belongs to the consonant and the tone stays on y."""
    plain = unicodedata.normalize("NFD", word)
    tones = [sign for sign in plain if sign in _TONES]
    bare = "".join(sign for sign in plain if sign not in _TONES)
    if len(tones) != 1 or not bare.endswith(_OPEN_RIMES):
        return word
    at = len(bare) - (0 if bare.endswith("quy") else 1)
    return unicodedata.normalize("NFC", bare[:at] + tones[0] + bare[at:])


def words(query: str) -> tuple[str, ...]:
    """The words of a query, bare, each once, at most twelve.

    How to match (U-22): where `search_key` begins with `search_key(query)` the clerk typed from the left; else a person
    fits if `search_key` holds every one of these words, in any order, so that the family name may come last
    (`Van Mau Nguyen` finds `Nguyễn Văn Mẫu`).
    """
    found = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", search_key(query))
    return tuple(dict.fromkeys(found))[:_WORDS_AT_MOST]


def sort_key(name: str) -> str:
    """The order of lists: given name (last word), then family name (first), then the middle; ASCII, for COLLATE "C".

    Letters in dictionary order a ă â b c d đ e ê … o ô ơ … u ư …, then the tone: ngang huyền hỏi ngã sắc nặng. At most
    400 characters.
    """
    parts = clean(name.translate(_LOOK_ALIKES).lower()).split(" ")
    ordered = parts if len(parts) == 1 else [parts[-1], parts[0], *parts[1:-1]]
    # a space sorts before "!", "!" before every letter: the shorter word first, the tone only among equal letters
    return " ".join(_word_key(part) for part in ordered)[:400]


def _word_key(word: str) -> str:
    letters: list[str] = []
    tone = 0
    for sign in unicodedata.normalize("NFD", word):
        if sign in _TONES:
            tone = tone or _TONES[sign]
        elif unicodedata.combining(sign):
            if letters:
                letters[-1] = letters[-1][0] + _SHAPES.get(sign, "9")
        elif sign == "đ":
            letters.append("d1")
        elif sign.isascii():
            letters.append(sign + "0")
        else:
            letters.append("~9")
    return "".join(letters) + f"!{tone}"


# --- spelling --------------------------------------------------------------------------------------------------------
_ONSET = "(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
_OPEN = "a|e|ê|i|ia|o|oa|oe|ô|ơ|u|ua|uê|uơ|uy|uya|ư|ưa|y|ai|ao|au|ay|âu|ây|eo|êu|iu|iêu|oai|oao|oay|oeo|oi|ôi|ơi|uâu"
_OPEN += "|uây|ui|uôi|uyu|ưi|ưu|ươi|ươu|yêu|ya"
_NASAL = "[aăâeêioôơuư][mn]|[aăâeêoôuư]ng|[aêiy]nh|iê(?:m|n|ng)|yê(?:m|n|ng)|oa(?:m|n|ng|nh)|oă(?:m|n|ng)|oen|oong"
_NASAL += "|uâ(?:n|ng)|uênh|uô(?:m|n|ng)|uyên|uynh|ươ(?:m|n|ng)|uêng"
_STOP = "[aăâeêioôơuư][pt]|yt|[aăâeoôuư]c|[aêiy]ch|iê[cpt]|yê[cpt]|oa(?:c|p|t|ch)|oă[cpt]|oe[pt]|ooc|uât|uêch|uô[cpt]"
_STOP += "|uyê?t|uy(?:ch|p)|ươ[cpt]"
_OPEN_SYLLABLE = re.compile(f"{_ONSET}(?:{_OPEN}|{_NASAL})")
_STOPPED_SYLLABLE = re.compile(f"{_ONSET}(?:{_STOP})")


def is_spelt(name: str) -> bool:
    """Whether `name` is all capitals or `Each Word Capitalised`, and every word a possible Vietnamese syllable.

    A test of the scanner, never of the person: what lost letters rarely passes, but names of other languages
    (`Y Blok Êban`) do not pass either and are names too, so false asks for a look at the card and nothing more.
    """
    text = clean(name).translate(_LOOK_ALIKES)
    return (text.isupper() or text == capitalised(text)) and all(_is_syllable(word) for word in text.split(" "))


def has_two_tones(word: str) -> bool:
    """No Vietnamese word has two: a keyboard tool changed it."""
    return sum(sign in _TONES for sign in unicodedata.normalize("NFD", word)) > 1


def _is_syllable(word: str) -> bool:
    plain = unicodedata.normalize("NFD", word.lower())
    tones = [sign for sign in plain if sign in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(sign for sign in plain if sign not in _TONES))
    if _OPEN_SYLLABLE.fullmatch(bare):
        return True
    # a syllable closed by c ch p t always carries sắc or nặng: without it a mark was lost
    return bool(_STOPPED_SYLLABLE.fullmatch(bare)) and tones in (["\u0301"], ["\u0323"])


def capitalised(name: str) -> str:
    """`nguyễn văn mẫu` → `Nguyễn Văn Mẫu`: each word one capital letter, the rest small."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in clean(name).split(" "))
