"""Kind and study design of a document, by what it says of itself and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.bundled import bundled_files
from corpus.describing import FILE, Describer, load_describer
from corpus.errors import VocabularyError
from corpus.readers import read_file
from corpus.types import Source

JATS = """<article article-type="research-article"><front><article-meta><article-categories>
<subj-group subj-group-type="heading"><subject>Systematic Review</subject></subj-group></article-categories>
<title-group><article-title>Zorlitinib for hair</article-title></title-group></article-meta></front>
<body><sec><title>Results</title><p>Zorlitinib was given to nobody in this invented article.</p></sec></body></article>
"""
MEDLINE = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
<ArticleTitle>Zorlitinib and morphea.</ArticleTitle>
<Abstract><AbstractText>Invented animals were given zorlitinib.</AbstractText></Abstract>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>{}</PublicationTypeList></Article>
<MeshHeadingList>{}</MeshHeadingList></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
HEADING = "<MeshHeading><DescriptorName>{}</DescriptorName></MeshHeading>"


@pytest.fixture(scope="module")
def rules() -> Describer:
    return load_describer()


@pytest.mark.parametrize(
    ("title", "types", "kind", "design"),
    [
        ("Zorlitinib in morphea: a randomised trial", (), "article", "randomised trial"),
        ("A non-randomized study of zorlitinib", (), "article", "non-randomised trial"),
        ("Mendelian randomization and hair", (), None, None),
        ("Zorlitinib: meta-analysis of randomised trials", ("research article",), "review", "meta-analysis"),
        ("JAK inhibitors", ("journal article", "review"), "review", "review"),
        ("JAK inhibitors: a systematic review", ("review",), "review", "systematic review"),
        ("Morphea: a case report and review of the literature", ("case report",), "article", "case report"),
        ("A protocol for a systematic review of trials", (), "protocol", "protocol"),
        ("Zorlitinib in a mouse model of alopecia", ("research article",), "article", "animal or in vitro"),
        ("Zorlitinib in vitro", ("journal article",), "article", "animal or in vitro"),
        ("A retrospective cohort of adults", (), "article", "cohort study"),
        ("Pooled analysis of two randomised trials", (), "article", "trial analysis"),
        ("Guidelines for morphea", ("practice guideline", "journal article"), "guideline", None),
        ("Zorlitinib tablets", ("drug label",), "label", None),
        ("Correction of a scar by retraction", (), None, None),
    ],
)
def test_types_and_title_tell_kind_and_design(
    rules: Describer, title: str, types: tuple[str, ...], kind: str | None, design: str | None
) -> None:
    source = Source(title, types=types)
    assert (rules.kind(source), rules.design(source)) == (kind, design)


def test_what_is_stated_outright_comes_first(rules: Describer) -> None:
    source = Source("A randomised trial", types=("letter",), kind="review", design="cohort")
    assert (rules.kind(source), rules.design(source)) == ("review", "cohort study")
    assert rules.kind(Source("Rounds", kind="Ward note")) == "ward note"


def test_a_design_is_one_of_its_wider_ones(rules: Describer) -> None:
    assert list(rules.wider("meta-analysis")) == ["meta-analysis", "systematic review", "review"]
    assert list(rules.wider("no such design")) == ["no such design"]


def test_every_name_stands_for_one_kind_or_design(rules: Describer) -> None:
    for group in (rules.kinds, rules.designs):
        names = [name for rule in group for name in rule.names]
        assert len(names) == len(set(names))
    ids = {rule.id for rule in rules.designs}
    assert all(rule.within is None or rule.within in ids for rule in rules.designs)
    assert {rule.kind for rule in rules.designs} <= {rule.id for rule in rules.kinds}


def test_an_articles_heading_and_type_are_its_types(tmp_path: Path, rules: Describer) -> None:
    path = tmp_path / "a.xml"
    path.write_text(JATS)
    source = read_file(path).source
    assert source.types == ("research article", "Systematic Review")
    assert (rules.kind(source), rules.design(source)) == ("review", "systematic review")


@pytest.mark.parametrize(
    ("types", "headings", "design"),
    [
        ("<PublicationType>Randomized Controlled Trial</PublicationType>", ("Humans",), "randomised trial"),
        ("", ("Animals",), "animal or in vitro"),
        ("", ("Animals", "Humans"), None),
    ],
)
def test_a_record_keeps_all_its_types(
    tmp_path: Path, rules: Describer, types: str, headings: tuple[str, ...], design: str | None
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(MEDLINE.format(types, "".join(map(HEADING.format, headings))))
    source = read_file(path).source
    assert source.types[0] == "journal article"
    assert rules.design(source) == design


def test_the_bundled_documents_are_told_apart(rules: Describer) -> None:
    kinds = {path.stem: rules.kind(read_file(path).source) for path in bundled_files()}
    assert kinds == {
        "class-monograph": "monograph",
        "combination-letter": "letter",
        "dermatomyositis-report": "news",
        "off-label-review": "review",
    }


def test_malformed_rules_are_named(tmp_path: Path) -> None:
    path = tmp_path / "description.yaml"
    path.write_text(FILE.read_text().replace("called:", "cold:", 1))
    with pytest.raises(VocabularyError, match=r"description\.yaml: kinds"):
        load_describer(path)
