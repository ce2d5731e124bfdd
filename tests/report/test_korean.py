"""The Korean of documents, page and commands: particles, and no English left over."""

import re
from collections.abc import Iterator

import nbformat
import polib

from mnist_compare.page.parts import strings
from mnist_compare.records.place import clone
from mnist_compare.report.words import stamps
from mnist_compare.report.words.sentences import Names

CATALOGUE = polib.pofile(str(clone() / "mnist_compare" / "report" / "words" / "ko.po"))
PROSE = [
    cell.source
    for path in (clone() / "notebooks" / "ko").rglob("*.ipynb")
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "markdown"
]
# After ㄴ, after ㅏ.
FORMS = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로", "이나": "나"}
FOREIGN = {  # how Latin letters before a particle are read
    "adam": "아담", "adamw": "아담더블유", "alpaydin": "알파이든", "b": "비", "bench": "벤치",
    "center": "센터", "cnn": "시엔엔", "colab": "코랩", "compare": "컴페어", "crop": "크롭",
    "d": "디", "delete": "딜리트", "delta": "델타", "demo": "데모", "digit": "디짓",
    "drawings": "드로잉스", "e": "이", "entropy": "엔트로피", "esc": "이에스시",
    "estimates": "에스티메이츠", "false": "폴스", "fit": "핏", "function": "펑션",
    "gradio": "그라디오", "html": "에이치티엠엘", "image": "이미지",
    "javascript": "자바스크립트", "jpg": "제이피지", "json": "제이슨", "jupyter": "주피터",
    "k": "케이", "keras": "케라스", "l": "엘", "log": "로그", "look": "룩",
    "matplotlib": "맷플롯립",
    "mlp": "엠엘피", "mnist": "엠니스트", "numpy": "넘파이", "optdigits": "옵트디지츠",
    "params": "파람스", "pdf": "피디에프", "picture": "픽처", "pillow": "필로", "png": "피엔지",
    "predict": "프레딕트", "preprocess": "프리프로세스", "rc": "시", "read": "리드",
    "relu": "렐루", "resize": "리사이즈", "runtime": "런타임", "site": "사이트",
    "study": "스터디", "submit": "서브밋", "t": "티", "tab": "탭", "tanh": "탄에이치",
    "tensorflow": "텐서플로", "test": "테스트", "train": "트레인", "true": "트루",
    "type": "타입", "url": "유아르엘", "usps": "유에스피에스", "webassembly": "웹어셈블리",
    "xla": "엑스엘에이", "z": "지", "zip": "집",
}  # fmt: skip
SIGNS = {"%": "퍼센트", "%p": "퍼센트포인트", "°": "도"}


def texts() -> Iterator[str]:
    """Yield all Korean that is written by hand, without brackets: they come before no particle."""

    def said(words):
        for text in words.values():
            yield from [text] if isinstance(text, str) else said(text)

    catalogue = [entry.msgstr for entry in CATALOGUE]
    for text in [*catalogue, *map(stamps.plain, PROSE), *said(strings()["ko"])]:
        text = re.sub(r" ?\[\[\d+\]\]\([^)]*\)|(?<=\])\([^)]*\)", "", text)
        yield re.sub(r"(?<=[가-힣`*”%A-Z\d])\([^()]*\)", "", text)


def read_aloud(word: str) -> str:
    """Return the last syllables of a word as they are spoken, digits as they are."""
    if sign := re.search(r"%p?$|°$", word):
        return SIGNS[sign[0]]
    if word[-1].isdigit():
        return word[-1]
    return FOREIGN[re.findall("[a-z]+", word.lower())[-1]]


def test_particles_fit_numbers_and_names():
    alternatives = "|".join(sorted([*FORMS, *FORMS.values()], key=len, reverse=True))
    found = re.compile(
        rf"""([A-Za-z][A-Za-z\d_.]*|[\d.,]+(?:%p?|°)?|%p)[()"'\d_\]]*[`*”’$]*({alternatives})(?![가-힣])"""
    )
    read = [
        (match, read_aloud(match[1].rstrip(".,"))) for t in texts() for match in found.finditer(t)
    ]
    assert len(read) > 200
    assert [match[0] for match, aloud in read if not fits(aloud, match[2])] == []


def fits(word: str, particle: str) -> bool:
    """Return whether a particle may follow a word: by the final consonant of its last syllable."""
    last = "영일이삼사오육칠팔구"[int(word[-1])] if word[-1].isdigit() else word[-1]
    final = (ord(last) - ord("가")) % 28
    closed = final not in (0, 8) if particle in ("으로", "로") else final != 0
    return closed == (particle in FORMS)


def test_lists_are_joined_as_in_korean():
    assert f"{Names(['blur', 'impulse noise']).into('ko')}" == "흐림, 임펄스 잡음"
    assert f"{Names(['shift', 'rotation', 'blur']).into('ko')}" == "평행 이동, 회전, 흐림"
    assert f"{Names(['shift', 'rotation', 'blur'])}" == "shift, rotation and blur"
    assert f"{Names(['shift', 'rotation'])}" == "shift and rotation"


def test_no_changing_particle_follows_what_is_filled_in():
    changing = re.compile(
        r"(?:\}|<!--/-->)[`*]*(은|는|이|가|을|를|과|와|으로|로|라|란)(?![가-힣/])"
    )
    texts = [*(entry.msgstr for entry in CATALOGUE), *PROSE]
    assert not [text for text in texts if changing.search(text)]
