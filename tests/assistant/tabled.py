"""Invented papers whose findings stand in tables, in every shape in which journals print them."""

from __future__ import annotations

CSV = """Arm,Week,Patients,Clear skin (%),Mean DLQI
Zorlitinib 7 mg,4,60,11.7,9.4
Zorlitinib 7 mg,16,58,34.5,5.1
Zorlitinib 14 mg,4,61,19.7,8.8
Zorlitinib 14 mg,16,59,47.5,3.9
Placebo,4,62,4.8,11.2
Placebo,16,57,8.8,10.6
"""

HTML = """<html><head><title>Quelumab for prurigo nodularis: the CALM trial</title></head><body><article>
<h1>Quelumab for prurigo nodularis: the CALM trial</h1>
<h2>Results</h2><p>Quelumab was compared with placebo in adults over a year.</p>
<table><caption>Table 2. Efficacy of quelumab by week</caption>
<thead><tr><th rowspan="2">Outcome</th><th colspan="2">Week 16</th><th colspan="2">Week 52</th></tr>
<tr><th>Placebo (n=80)</th><th>Quelumab 30 mg Q4W (n=81)</th><th>Placebo (n=70)</th>
<th>Quelumab 30 mg Q4W (n=75)</th></tr></thead><tbody>
<tr><td>Clear or almost clear skin, n (%)</td><td>8 (10.0)</td><td>31 (38.3)*</td><td>9 (12.9)</td>
<td>40 (53.3)*</td></tr>
<tr><td colspan="5">Pruritus NRS</td></tr>
<tr><td>Improvement of 4 points, n (%)</td><td>13 (16.3)</td><td>45 (55.6)*</td><td>15 (21.4)</td>
<td>51 (68.0)*</td></tr>
<tr><td>Mean change (SD)</td><td>&#8722;1.4 (2.0)</td><td>&#8722;4.2 (2.3)</td><td>&#8722;1.6 (2.1)</td>
<td>&#8722;5.0 (2.2)</td></tr>
<tr><td colspan="5">DLQI</td></tr>
<tr><td>Mean change (SD)</td><td>&#8722;2.9 (5.0)</td><td>&#8722;8.8 (5.4)</td><td>&#8722;3.1 (5.2)</td>
<td>&#8722;9.6 (5.1)</td></tr>
</tbody></table>
<table><caption>Table 3. Adverse events up to week 52</caption>
<thead><tr><th>Adverse event, n (%)</th><th>Placebo (n=80)</th><th>Quelumab 30 mg (n=81)</th><th>P value</th>
</tr></thead>
<tbody><tr><td>Any adverse event</td><td>52 (65.0)</td><td>50 (61.7)</td><td>0.66</td></tr>
<tr><td>Serious infections</td><td>1 (1.3)</td><td>2 (2.5)</td><td>0.57</td></tr>
<tr><td>Headache</td><td>6 (7.5)</td><td>9 (11.1)</td><td>0.43</td></tr>
<tr><td>Sinusitis</td><td>2 (2.5)</td><td>4 (4.9)</td><td>0.42</td></tr>
<tr><td>Upper respiratory tract infection</td><td>7 (8.8)</td><td>12 (14.8)</td><td>0.24</td></tr></tbody></table>
</article></body></html>"""

JATS = """<?xml version="1.0" encoding="UTF-8"?>
<article article-type="research-article"><front><article-meta>
<title-group><article-title>Tapinaroxil cream in hand eczema</article-title></title-group></article-meta></front>
<body><sec><title>Participants</title><p>Adults with hand eczema entered the study.</p>
<table-wrap><label>Table 1</label><caption><p>Demographic characteristics of the participants</p></caption>
<table><thead><tr><th>Characteristic</th><th>Vehicle (N=40)</th><th>Tapinaroxil 1% once daily (N=41)</th>
<th>Tapinaroxil 1% twice daily (N=39)</th></tr></thead><tbody>
<tr><td>Age, mean (SD), years</td><td>41.2 (12.3)</td><td>39.8 (11.9)</td><td>40.5 (12.8)</td></tr>
<tr><td colspan="4">Sex, n (%)</td></tr>
<tr><td>Female</td><td>22 (55.0)</td><td>25 (61.0)</td><td>20 (51.3)</td></tr>
<tr><td>Male</td><td>18 (45.0)</td><td>16 (39.0)</td><td>19 (48.7)</td></tr>
<tr><td>HECSI score, median (range)</td><td>48 (20&#8211;120)</td><td>51 (22&#8211;131)</td>
<td>50 (19&#8211;118)</td></tr>
</tbody></table></table-wrap></sec></body></article>"""

MARKDOWN = """---
title: Trials of lurafenib in alopecia
---

# Trials of lurafenib in alopecia

## Trials

Table 1. Trials of lurafenib

| Trial | Participants | SALT 20 at week 24 (%) | Withdrawals |
|---|---|---|---|
| LUNA-1 | 210 | 31.4 | 12 |
| LUNA-2 | 342 | 28.9 | 25 |
| SOLA | 98 | 40.8 | 7 |

## Arms

Table 2. Outcomes of LUNA-2 by arm at week 24

| Arm | SALT 20 (%) | SALT 50 (%) | Acne (%) |
|---|---|---|---|
| Placebo | 5.3 | 9.6 | 2.6 |
| Lurafenib 2 mg | 24.1 | 38.6 | 5.4 |
| Lurafenib 4 mg | 35.4 | 51.3 | 9.7 |
"""

FILES = {"zorlitinib.csv": CSV, "calm.html": HTML, "hands.nxml": JATS, "lurafenib.md": MARKDOWN}

ANSWERED: list[tuple[str, tuple[str, ...]]] = [
    ("What proportion of patients on zorlitinib 7 mg reached clear skin at week 16?", ("34.5",)),
    ("What percentage had clear skin at week 4 with zorlitinib 14 mg?", ("19.7",)),
    ("What was the mean DLQI on placebo at week 16 in the zorlitinib study?", ("10.6",)),
    ("How many patients on zorlitinib 14 mg were there at week 16?", ("59",)),
    ("Clear skin at week 16 with quelumab 30 mg?", ("31 (38.3)",)),
    ("How many patients had clear or almost clear skin on placebo at week 52 in the CALM trial?", ("9 (12.9)",)),
    ("What was the mean change in pruritus NRS at week 16 with quelumab?", ("−4.2 (2.3)",)),
    ("What was the mean change in DLQI at week 52 with quelumab 30 mg Q4W?", ("−9.6 (5.1)",)),
    ("How many patients on quelumab had headache?", ("9 (11.1)",)),
    ("How many people had sinusitis on quelumab 30 mg?", ("4 (4.9)",)),
    ("What was the P value for headache?", ("0.43",)),
    ("How many women were there with tapinaroxil 1% twice daily?", ("20 (51.3)",)),
    ("What was the mean age in the vehicle arm of the tapinaroxil study?", ("41.2 (12.3)",)),
    ("How many men were there with tapinaroxil 1% once daily?", ("16 (39.0)",)),
    ("What was the median HECSI score at baseline with vehicle?", ("48 (20–120)",)),
    ("What was the SALT 20 response with lurafenib 4 mg at week 24?", ("35.4",)),
    ("SALT 50 on placebo in LUNA-2?", ("9.6",)),
    ("How many participants were in LUNA-1?", ("210",)),
    ("How many withdrawals were there in SOLA?", ("7",)),
    ("How common was acne with lurafenib 2 mg?", ("5.4",)),
    ("Which arm had the highest SALT 50 response at week 24?", ("51.3", "Lurafenib 4 mg")),
    ("Which lurafenib trial had the lowest number of participants?", ("98", "SOLA")),
    ("Which tapinaroxil arm had the highest number of women?", ("25 (61.0)", "once daily")),
    ("What is the difference in SALT 20 between lurafenib 4 mg and placebo at week 24?", ("35.4", "5.3", "30.1")),
    ("What is the difference in clear skin at week 16 between quelumab and placebo?", ("31 (38.3)", "8 (10.0)", "23")),
    ("What is the ratio of acne between lurafenib 4 mg and lurafenib 2 mg?", ("9.7", "5.4", "1.8")),
    ("How many trials are in the table of lurafenib?", ("3", "LUNA-1, LUNA-2, SOLA")),
    ("Headache on placebo and on quelumab?", ("6 (7.5)", "9 (11.1)")),
    ("What is the difference in clear skin between zorlitinib 14 mg and placebo at week 16?", ("47.5", "8.8", "38.7")),
]
"""Questions, each with what its answer has to hold."""

UNANSWERED = [
    "What proportion of patients on zorlitinib 7 mg reached clear skin at week 24?",
    "What proportion of patients on zorlitinib 21 mg reached clear skin at week 16?",
    "What percentage of children on zorlitinib 7 mg had clear skin at week 16?",
    "What was the median DLQI on zorlitinib 7 mg at week 16?",
    "Clear skin at week 32 with quelumab 30 mg?",
    "How many patients had infections on quelumab 30 mg?",
    "How many patients had pneumonia on quelumab 30 mg?",
    "How many patients on quelumab 60 mg had headache?",
    "How many women were there with tapinaroxil 2% twice daily?",
    "How many women were there with tapinaroxil 1% weekly?",
    "What was the SALT 75 response with lurafenib 4 mg at week 24?",
    "What was the SALT 20 response with lurafenib 4 mg at week 52?",
    "What was the SALT 20 response with lurafenib 4 mg in women at week 24?",
    "How many patients had acne with lurafenib 4 mg?",
]
"""Questions of a dose, a week, an outcome or people that no table has."""
