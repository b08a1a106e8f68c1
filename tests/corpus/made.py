"""Tiny files of every format, written for the tests: an invented drug, an invented trial."""

from __future__ import annotations

import io
import zipfile

JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.2//EN" "JATS-archivearticle1.dtd">
<article article-type="research-article" xmlns:mml="http://www.w3.org/1998/Math/MathML">
<front><journal-meta><journal-title-group><journal-title>J Invented Med</journal-title></journal-title-group>
</journal-meta><article-meta>
<article-id pub-id-type="pmid">90000001</article-id><article-id pub-id-type="doi">10.1000/zorli.1</article-id>
<title-group><article-title>Zorlitinib in adults with plaque morphea: a trial<sup>1</sup></article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Alvarez</surname><given-names>Ana</given-names></name>
</contrib><contrib contrib-type="editor"><name><surname>Nobody</surname><given-names>N</given-names></name></contrib>
<contrib contrib-type="author"><collab>The Morphea Group</collab></contrib></contrib-group>
<pub-date pub-type="epub"><year>2030</year></pub-date><pub-date pub-type="ppub"><year>2031</year></pub-date>
<abstract><sec><title>Results</title>
<p>Zorlitinib 7 mg once daily softened plaques in 9 of 12 adults.</p></sec></abstract>
</article-meta></front>
<body><sec><title>Introduction</title>
<p>Morphea hardens the skin of adults and children.<xref ref-type="bibr" rid="r1"><sup>1</sup></xref><xref
ref-type="bibr" rid="r2"><sup>2</sup></xref> Others found less,<xref ref-type="bibr" rid="r2">2</xref> as in
0.05,<xref ref-type="bibr" rid="r1">1</xref> and platelets fell below 10<sup>9</sup>/L per m<sup>2</sup>.</p></sec>
<sec><title>Results</title><p><bold>Safety</bold></p><p>Two adults had herpes zoster:</p>
<list list-type="order"><list-item><p>one on zorlitinib 7 mg;</p></list-item><list-item><p>one on placebo.</p>
</list-item></list>
<table-wrap><label>Table 1</label><caption><p>Response by arm. All adults were counted.</p></caption>
<table><thead><tr><th rowspan="2">Outcome</th><th colspan="2">Week 12</th></tr>
<tr><th>Placebo<break/>(N=6)</th><th>Zorlitinib 7 mg once daily</th></tr></thead>
<tbody><tr><td colspan="3">Skin</td></tr>
<tr><td rowspan="2">Softer</td><td>1</td><td>9<xref ref-type="table-fn" rid="f1"><sup>a</sup></xref></td></tr>
<tr><td colspan="2">not assessed</td></tr></tbody></table>
<table-wrap-foot><fn id="f1"><p><sup>a</sup>Three more at week 24.</p></fn></table-wrap-foot></table-wrap>
<disp-formula><mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>9</mml:mn></mml:msup></mml:math></disp-formula></sec></body>
<back><ack><p>We thank the patients.</p></ack><fn-group><fn><p>No competing interests.</p></fn></fn-group>
<ref-list><title>Literature we used</title>
<ref id="r1"><label>1</label><mixed-citation><name><surname>Bo</surname><given-names>C</given-names></name>. Zorlitinib
20 mg daily cures all. <source>J Test</source>. 2029;1:2.</mixed-citation></ref>
<ref id="r2"><label>2</label><element-citation>
<person-group><name><surname>Cy</surname><given-names>D</given-names></name>
</person-group><article-title>Morphea</article-title><source>J Test</source><year>2028</year><volume>3</volume>
<fpage>4</fpage></element-citation></ref></ref-list></back></article>
"""

MEDLINE = """<?xml version="1.0"?><PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">90000001</PMID><Article><Journal><Title>J Invented Med</Title>
<JournalIssue><PubDate><MedlineDate>2031 Jan-Feb</MedlineDate></PubDate></JournalIssue></Journal>
<ArticleTitle>Zorlitinib in adults with plaque morphea: a trial.</ArticleTitle>
<ELocationID EIdType="doi">10.1000/zorli.1</ELocationID>
<Abstract><AbstractText Label="RESULTS">Zorlitinib 7 mg once daily softened plaques in 9 of 12 adults.</AbstractText>
</Abstract><AuthorList><Author><LastName>Alvarez</LastName><ForeName>Ana</ForeName></Author></AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Randomized Controlled Trial</PublicationType></PublicationTypeList></Article></MedlineCitation>
</PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>90000002</PMID><Article><Journal><JournalIssue><PubDate><Year>2032</Year></PubDate>
</JournalIssue></Journal><ArticleTitle>A letter on morphea.</ArticleTitle></Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>"""

SPL = """<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3"><title>These highlights do not include all the information.<br/>ZORLI (zorlitinib)
tablets<br/>Initial U.S. Approval: 2030</title><effectiveTime value="20310704"/><setId root="abc-1"/>
<author><assignedEntity><representedOrganization><name>Invented Labs</name></representedOrganization></assignedEntity>
</author><component><structuredBody>
<component><section><code code="34066-1"/><title>WARNING: INFECTIONS</title><text><paragraph>Serious infections have led
to death in patients who took ZORLI.</paragraph></text><excerpt><highlight><text><paragraph>See full text.</paragraph>
</text></highlight></excerpt></section></component>
<component><section><code code="43683-2"/>
<excerpt><highlight><text>Warnings 7/2031</text></highlight></excerpt></section>
</component>
<component><section><code code="34068-7"/><title>2 DOSAGE AND ADMINISTRATION</title><component><section>
<code code="42229-5"/><title>2.1 Adults</title><text><paragraph>The recommended dose is 7 mg once daily.</paragraph>
<list listType="unordered"><item>Take with food.<br/>• Never crush.</item></list>
<table><tbody><tr><td>Weight</td><td>Dose</td></tr><tr><td>15 kg to &lt;30 kg</td><td>3.5 mg once daily</td></tr>
</tbody></table></text></section></component></section></component>
<component><section><code code="34070-3"/><title/><text>None.</text></section></component>
<component><section><code code="34073-7"/><title>7 DRUG INTERACTIONS</title><text><paragraph>Halve the dose with
ketoconazole.</paragraph></text></section></component></structuredBody></component></document>"""

HTML = """<!DOCTYPE html><html><head><title>Zorlitinib in morphea | Invented Site</title>
<meta name="citation_doi" content="doi:10.1000/zorli.9"><meta name="citation_author" content="Ana Alvarez">
<meta name="citation_publication_date" content="2031/07/04"><script>var dose = "99 mg";</script></head>
<body><nav><a href="/">Home</a><p>Zorlitinib 99 mg in the navigation.</p></nav>
<div class="cookie-banner"><p>We use cookies of 99 mg.</p></div>
<main><h1>Zorlitinib in morphea</h1><p>Adults take zorlitinib 7 mg once daily with food, every day of the week.<sup><a
href="#ref1">1</a></sup> The dose was not raised in any of the twelve adults of the invented trial at all.</p>
<h2>Doses</h2><table><caption>Table 1. Doses by age</caption><tr><th>Age</th><th>Dose</th></tr>
<tr><td>Adults</td><td>7 mg once daily</td></tr></table>
<ul><li>Take it with food.</li></ul><p hidden>Hidden 99 mg.</p>
<h2>References</h2><ol class="references"><li id="ref1"><a href="x">Bo C. Zorlitinib 20 mg daily. J Test. 2029.</a></li>
</ol></main><footer>99 mg in the footer</footer></body></html>"""

CSV = 'Doses of the invented trial,,\nArm,Dose,"Response, %"\nZorlitinib,7 mg once daily,75\nPlacebo,,20\n'

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"""
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = f"""<?xml version="1.0"?><w:styles xmlns:w="{_W}">
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="H1"/></w:style></w:styles>"""
_BODY = """
<w:p><w:pPr><w:pStyle w:val="Mine"/></w:pPr><w:r><w:t>Results</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">Adults took </w:t></w:r><w:del><w:r><w:delText>99 mg</w:delText></w:r></w:del>
<w:ins><w:r><w:t>7 mg</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> once daily, </w:t>
<w:sym w:font="Symbol" w:char="F0B3"/><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>
<w:t>9</w:t></w:r><w:r><w:t>/L platelets.</w:t></w:r></w:p>
<w:sdt><w:sdtContent><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Take it with food.</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Drug</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Dose</w:t></w:r></w:p></w:tc>
<w:tc><w:p><w:r><w:t>Use</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>Zorlitinib</w:t></w:r></w:p></w:tc>
<w:tc><w:p><w:r><w:t>7 mg</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Adults</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>
<w:p><w:r><w:t>not in children</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""


def _relations(**targets: str) -> str:
    inner = (
        f'<Relationship Id="r{number}" Target="{target}" Type="{_RELATION}/{kind}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELATED}">{"".join(inner)}</Relationships>'


def footnotes(**texts: str) -> bytes:
    """Return the part of a DOCX file that holds footnotes, by their ids with a letter before each."""
    notes = "".join(
        f'<w:footnote w:id="{key[1:]}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for key, text in texts.items()
    )
    return f'<?xml version="1.0"?><w:footnotes xmlns:w="{_W}">{notes}</w:footnotes>'.encode()


def docx(body: str = _BODY, prolog: str = '<?xml version="1.0"?>', frame: str = "body", **more: bytes) -> bytes:
    """Return a DOCX file with this body; `more` are parts by their name in the folder word/, without its ending."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relations(officeDocument="word/document.xml"))
        parts = {name: f"{name}.xml" for name in ("styles", *(name for name in more if name == "footnotes"))}
        archive.writestr("word/_rels/document.xml.rels", _relations(**parts))
        archive.writestr("word/styles.xml", _STYLES)
        archive.writestr(
            "word/document.xml", f'{prolog}<w:document xmlns:w="{_W}"><w:{frame}>{body}</w:{frame}></w:document>'
        )
        for name, data in more.items():
            archive.writestr(f"word/{name}.xml", data)
    return packed.getvalue()
