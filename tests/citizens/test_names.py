"""Names: kept as written, found as people type, listed as people expect."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.names import capitalised, clean, exact_key, has_two_tones, is_name, is_spelt, search_key, sort_key, words

ANY_TEXT = st.text(st.characters(codec=None), max_size=120)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Nguyễn Văn Mẫu", "nguyen van mau"),
        ("  NGUYỄN \t VĂN\u00a0 MẪU ", "nguyen van mau"),
        (unicodedata.normalize("NFD", "Nguyễn Văn Mẫu"), "nguyen van mau"),
        ("Đỗ Đức Ưng", "do duc ung"),
        ("Ðỗ Ɖức ðào ɖông", "do duc dao dong"),
        ("Hoà Thuý", "hoa thuy"),
        ("Hòa Thúy", "hoa thuy"),
        ("H’Hen Niê", "h'hen nie"),
        ("", ""),
    ],
)
def test_the_search_key_has_no_marks(written, key):
    assert search_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Hoà", "hòa"),
        ("HOÀ", "hòa"),
        ("Khoẻ", "khỏe"),
        ("Thuý Nguyễn", "thúy nguyễn"),
        ("Thuỷ", "thủy"),
        ("Quý", "quý"),
        ("Qúy", "quý"),
        ("Hoàn", "hoàn"),
        ("Toại", "toại"),
        ("Nguyệt", "nguyệt"),
        (unicodedata.normalize("NFD", "Hoà Thượng"), "hòa thượng"),
        ("  Ðỗ   Văn ", "đỗ văn"),
    ],
)
def test_the_exact_key_keeps_marks_and_puts_the_tone_in_one_place(written, key):
    assert exact_key(written) == key


PEOPLE = [
    "Nguyễn Văn Mẫu",
    "Nguyễn Văn Mậu",
    "Nguyễn Vân Mầu",
    "Trần Thị Thuý",
    "Đỗ Quang Hòa",
    "Đỗ Quang Hoan",
    "Lê Thị Hoa",
    "Mẫu Văn Nguyên",
]


def found(query: str) -> list[str]:
    """People as the citizens' page finds and ranks them, without its database."""
    bare, exact = search_key(query), exact_key(query)

    def rank(name: str) -> int:
        tests = (
            exact_key(name) == exact,
            search_key(name) == bare,
            exact in exact_key(name),
            search_key(name).startswith(bare),
        )
        return next((at for at, fits in enumerate(tests) if fits), len(tests))

    fitting = [name for name in PEOPLE if all(word in search_key(name) for word in words(query))]
    return sorted(fitting, key=lambda name: (rank(name), len(name), sort_key(name)))


@pytest.mark.parametrize(
    ("query", "person"),
    [
        ("nguyen van mau", "Nguyễn Văn Mẫu"),
        ("Nguyễn Văn Mẫu", "Nguyễn Văn Mẫu"),
        ("Nguyễn Văn Mậu", "Nguyễn Văn Mậu"),
        ("Mẫu Nguyễn Văn", "Nguyễn Văn Mẫu"),
        ("Van Mau Nguyen", "Nguyễn Văn Mẫu"),
        ("van mau nguyen", "Nguyễn Vân Mầu"),
        ("tran thi thuy", "Trần Thị Thuý"),
        ("Trần Thị Thúy", "Trần Thị Thuý"),
        ("Thuý", "Trần Thị Thuý"),
        ("do quang hoa", "Đỗ Quang Hòa"),
        ("Đỗ Quang Hoà", "Đỗ Quang Hòa"),
        ("Hoa Do", "Đỗ Quang Hòa"),
        ("hoa le", "Lê Thị Hoa"),
    ],
)
def test_the_right_person_is_among_the_first_three_however_the_clerk_types(query, person):
    assert person in found(query)[:3]


def test_exact_marks_rank_above_bare_letters():
    assert found("Nguyễn Văn Mậu")[0] == "Nguyễn Văn Mậu"
    assert found("Đỗ Quang Hoà")[0] == "Đỗ Quang Hòa"


def test_a_query_becomes_bare_words_each_once_and_not_too_many():
    assert words("Mẫu,  Nguyễn; nguyễn (Văn)") == ("mau", "nguyen", "van")
    assert words("H’Hen % _ Anh-Thư") == ("h'hen", "anh-thu")
    assert words(" ,.% ") == ()
    assert len(words(" ".join(chr(97 + at) for at in range(26)))) == 12


def test_a_list_goes_by_given_name_then_family_then_middle():
    listed = [
        "Lê Văn An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Trần Ân",
        "Bùi Thị Ánh",
        "Đỗ Ba",
        "Đỗ Bà",
        "Đỗ Bả",
        "Đỗ Bã",
        "Đỗ Bá",
        "Đỗ Bạ",
        "Lê Ban",
        "Đỗ Dũng",
        "Đỗ Đào",
        "Bùi Hoà",
        "Đào Hòa",
        "Lê Hòa",
        "Lê Hoan",
        "Lê Oanh",
        "Lê Ổn",
        "Lê Ơn",
        "Lê Uy",
        "Lê Ưng",
    ]
    shuffled = random.Random(7).sample(listed, len(listed))

    assert sorted(shuffled, key=sort_key) != sorted(shuffled)
    # Ánh (a) stands before Ân (â): letters come first, the tone only among equal letters
    expected = [*listed[:3], "Bùi Thị Ánh", "Trần Ân", *listed[5:]]
    assert sorted(shuffled, key=sort_key) == expected


def test_dictionary_order_of_letters_and_tones():
    letters = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]

    assert sorted(sorted(letters), key=sort_key) == letters
    assert sorted(sorted(tones), key=sort_key) == tones


def test_a_mark_without_a_letter_does_not_count_and_letters_of_other_languages_follow_theirs():
    assert sort_key("\u0306a") == sort_key("a")
    assert sorted(["Ö", "Ơ", "O", "Ô", "P", "王"], key=sort_key) == ["O", "Ô", "Ơ", "Ö", "P", "王"]


@given(ANY_TEXT)
def test_a_sort_key_is_ascii_and_fits_its_column(text):
    key = sort_key(text)

    assert key.isascii()
    assert len(key) <= 400


@given(ANY_TEXT)
def test_no_key_fails_and_nfd_finds_what_nfc_wrote(text):
    decomposed = unicodedata.normalize("NFD", text)

    assert search_key(decomposed) == search_key(unicodedata.normalize("NFC", text))
    assert clean(clean(text)) == clean(text)
    assert all(word in search_key(text) for word in words(text))
    assert isinstance(exact_key(text), str)
    assert isinstance(is_spelt(text), bool)


def test_a_name_is_stored_composed_and_single_spaced_and_otherwise_as_written():
    assert clean(unicodedata.normalize("NFD", "  Nguyễn  Văn\u00a0Mẫu\n")) == "Nguyễn Văn Mẫu"
    assert clean("Ðỗ Thuý HOÀ") == "Ðỗ Thuý HOÀ"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Văn Mẫu",
        unicodedata.normalize("NFD", "Nguyễn Thượng Đế"),
        "Y",
        "H'Hen Niê",
        "H’Hen Niê",
        "Rơ Châm Ô̆i",
        "Anne-Marie",
        "Müller",
        "a" * 100,
    ],
)
def test_what_people_are_called_is_a_name(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Nguyễn Văn 2",
        '=HYPERLINK("http://x")',
        "<script>alert(1)</script>",
        "{{7*7}}",
        "'; DROP TABLE citizens",
        "'Mẫu",
        "-Mẫu",
        "Mẫu" + "\u0301" * 300,
        "M\u0300\u0301\u0302\u0303\u0304ẫu",
        "\u0301Mẫu",
        "Mẫu\u202eiahK",
        "Mẫu\x00",
        "Nguyễn V\u0430n",
        "王伟",
        "Ａｎ",
        "Nguy?n V?n M?u",
        "a" * 101,
    ],
)
def test_what_nobody_is_called_is_no_name(text):
    assert not is_name(text)


def test_common_names_are_spelt_as_vietnamese():
    common = """
        Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Phùng Vương Trịnh Đinh Lương Đoàn Tạ
        Quách Nghiêm Thạch Khuất Kiều Cấn Tưởng Ông Uông Đàm Giang Giáp Thẩm Viên Yên Ước Quỳnh Quý Thuý Thúy Huế
        Khuê Nguyệt Tuyết Duyên Xuyến Oanh Loan Hoạch Toại Quang Quân Quốc Quyết Phước Đức Ngọc Bích Ưng Ái Uyên
        Ý Y A Páo Giàng Sùng Vàng Lò Hạng Thào Vừ Dếnh Súa Mùa Hoè Hòe Gìn Giềng Hoằng Thoa Khiết Hiếu Nhật Trúc
        Lợi Mười Bảy Sáu Ất Kỷ Ảo Dụ Liệu Kiểm Tiệp Khoát Luật Thục Phượng Tuệ Thêu Hương Tươi Lụa Nhường Oánh
        Khoái Ngoãn Sửu
        """

    assert [word for word in common.split() if not is_spelt(word)] == []
    assert is_spelt("NGUYỄN VĂN MẪU")
    assert is_spelt("Ðỗ Văn Mẫu")


@pytest.mark.parametrize(
    "damaged",
    ["Nguyn Vn Mu", "Nguyen Ngoc", "Nguyễễn", "NguyễN Văn", "nGUYỄN", "Trn", "Nguyễn VĂN", "Nguyeenx", "Dũngg", ""],
)
def test_what_a_scanner_damaged_is_not_spelt(damaged):
    assert not is_spelt(damaged)


def test_two_tones_in_one_word_are_the_work_of_a_keyboard_tool():
    assert has_two_tones("Nguyễn\u0301")
    assert not has_two_tones("Nguyễn")


def test_capitals_are_one_to_a_word():
    assert capitalised("nguyễn  văn mẫu") == "Nguyễn Văn Mẫu"
    assert capitalised("ĐỖ ÁI") == "Đỗ Ái"
