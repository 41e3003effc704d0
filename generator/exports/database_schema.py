"""The schema of the award database: the same tables for every scheme, and views named after its dimensions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.scheme.model import Dimension, Scheme, now_key

# "CASE" in ASCII. Raise the version when a table or a view changes so that a query could notice.
APPLICATION_ID = 0x43415345
VERSION = 1

SEARCHED = ("title", "unit", "people", "summary")

TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE rounds (
    year INTEGER PRIMARY KEY, label TEXT, results TEXT NOT NULL DEFAULT '', announced INTEGER, page TEXT NOT NULL
) STRICT;
CREATE TABLE notices (
    year INTEGER NOT NULL REFERENCES rounds(year), position INTEGER NOT NULL,
    title TEXT NOT NULL, address TEXT, date TEXT CHECK (date IS date(date)), number TEXT,
    PRIMARY KEY (year, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE round_dates (
    year INTEGER NOT NULL REFERENCES rounds(year),
    stage TEXT NOT NULL CHECK (stage IN ('entries', 'review', 'notice', 'announced')),
    first TEXT CHECK (first IS date(first)), last TEXT CHECK (last IS date(last)),
    PRIMARY KEY (year, stage)
) STRICT, WITHOUT ROWID;
CREATE TABLE dimensions (
    key TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, label TEXT NOT NULL, path TEXT NOT NULL, role TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE terms (
    dimension TEXT NOT NULL REFERENCES dimensions(key), slug TEXT NOT NULL, position INTEGER NOT NULL,
    name TEXT NOT NULL, parent TEXT, about TEXT, page TEXT,
    PRIMARY KEY (dimension, slug), UNIQUE (dimension, name), UNIQUE (dimension, position),
    FOREIGN KEY (dimension, parent) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE term_members (
    dimension TEXT NOT NULL, slug TEXT NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (dimension, member, slug),
    FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug),
    FOREIGN KEY (dimension, member) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE announced (
    year INTEGER NOT NULL REFERENCES rounds(year), dimension TEXT NOT NULL, slug TEXT NOT NULL,
    announced INTEGER NOT NULL CHECK (announced >= 0),
    PRIMARY KEY (year, dimension, slug), FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE called (
    year INTEGER NOT NULL REFERENCES rounds(year), dimension TEXT NOT NULL, slug TEXT NOT NULL,
    called INTEGER NOT NULL CHECK (called >= 0),
    PRIMARY KEY (year, dimension, slug), FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE sent_in (
    year INTEGER NOT NULL REFERENCES rounds(year),
    stage TEXT NOT NULL CHECK (stage IN ('entries', 'nominations')), dimension TEXT NOT NULL, slug TEXT NOT NULL,
    projects INTEGER NOT NULL CHECK (projects >= 0),
    PRIMARY KEY (year, stage, dimension, slug), FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE section_names (key TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, label TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE fields (
    key TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, label TEXT NOT NULL, type TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE units (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE cases (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL, title TEXT NOT NULL CHECK (title <> ''),
    year INTEGER NOT NULL REFERENCES rounds(year), unit TEXT REFERENCES units(name), people TEXT, summary TEXT,
    status TEXT NOT NULL CHECK (status IN ('announced', 'revoked')), changed TEXT CHECK (changed IS date(changed)),
    sample INTEGER NOT NULL CHECK (sample IN (0, 1)), page TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE moved (
    id TEXT PRIMARY KEY, target TEXT NOT NULL REFERENCES cases(id), date TEXT CHECK (date IS date(date)), why TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE case_terms (
    case_id TEXT NOT NULL REFERENCES cases(id), dimension TEXT NOT NULL, slug TEXT NOT NULL,
    PRIMARY KEY (case_id, dimension), FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE people (
    case_id TEXT NOT NULL REFERENCES cases(id), position INTEGER NOT NULL, name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('lead', 'member')), post TEXT,
    PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE sections (
    case_id TEXT NOT NULL REFERENCES cases(id), key TEXT NOT NULL REFERENCES section_names(key), text TEXT NOT NULL,
    PRIMARY KEY (case_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_fields (
    case_id TEXT NOT NULL REFERENCES cases(id), key TEXT NOT NULL REFERENCES fields(key), value ANY NOT NULL,
    PRIMARY KEY (case_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE media (
    case_id TEXT NOT NULL REFERENCES cases(id), position INTEGER NOT NULL,
    file TEXT NOT NULL, alt TEXT NOT NULL, caption TEXT,
    PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE patents (
    case_id TEXT NOT NULL REFERENCES cases(id), position INTEGER NOT NULL,
    number TEXT, kind TEXT, title TEXT, status TEXT, date TEXT CHECK (date IS date(date)),
    PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    case_id TEXT NOT NULL REFERENCES cases(id), position INTEGER NOT NULL,
    title TEXT NOT NULL, address TEXT, date TEXT CHECK (date IS date(date)),
    PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
    case_id TEXT NOT NULL REFERENCES cases(id), position INTEGER NOT NULL,
    date TEXT NOT NULL CHECK (date IS date(date)), what TEXT NOT NULL, why TEXT,
    PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cases_number ON cases(number);
CREATE INDEX cases_year ON cases(year);
CREATE INDEX cases_unit ON cases(unit);
CREATE INDEX case_terms_slug ON case_terms(dimension, slug);
CREATE INDEX people_name ON people(name);
"""

VIEWS = """
CREATE VIEW public_cases AS SELECT * FROM cases WHERE status = 'announced';
CREATE VIEW revoked_cases AS SELECT * FROM cases WHERE status = 'revoked';
CREATE VIEW public_terms(case_id, dimension, slug) AS
    SELECT id, 'year', CAST(year AS TEXT) FROM public_cases
    UNION ALL
    SELECT case_terms.case_id, case_terms.dimension, term_members.slug
    FROM public_cases JOIN case_terms ON case_terms.case_id = public_cases.id
    JOIN term_members ON term_members.dimension = case_terms.dimension AND term_members.member = case_terms.slug;
CREATE VIEW totals(cases, revoked) AS
    SELECT (SELECT count(*) FROM public_cases), (SELECT count(*) FROM revoked_cases);
CREATE VIEW years(year, label, cases, announced, page) AS
    SELECT year, label, (SELECT count(*) FROM public_cases WHERE public_cases.year = rounds.year), announced, page
    FROM rounds ORDER BY year DESC;
CREATE VIEW counts(dimension, slug, name, cases) AS
    WITH counted AS (SELECT dimension, slug, count(*) AS cases FROM public_terms GROUP BY dimension, slug)
    SELECT terms.dimension, terms.slug, terms.name, coalesce(counted.cases, 0)
    FROM terms LEFT JOIN counted ON counted.dimension = terms.dimension AND counted.slug = terms.slug
    UNION ALL
    SELECT 'year', CAST(year AS TEXT), CAST(year AS TEXT), cases FROM years;
CREATE VIEW unpublished(dimension, cases) AS
    SELECT key, (SELECT count(*) FROM public_cases) - (
        SELECT count(*) FROM case_terms JOIN public_cases ON public_cases.id = case_terms.case_id
        WHERE case_terms.dimension = dimensions.key
    ) FROM dimensions;
CREATE VIEW cross_counts(dimension, slug, other_dimension, other_slug, cases) AS
    SELECT one.dimension, one.slug, other.dimension, other.slug, count(*)
    FROM public_terms AS one JOIN public_terms AS other ON other.case_id = one.case_id
    AND other.dimension <> one.dimension
    GROUP BY one.dimension, one.slug, other.dimension, other.slug;
CREATE VIEW compared(year, dimension, slug, name, announced, cases) AS
    SELECT announced.year, announced.dimension, announced.slug, terms.name, announced.announced, (
        SELECT count(*) FROM {terms} JOIN public_cases ON public_cases.id = {terms}.case_id
        WHERE public_cases.year = announced.year AND {terms}.dimension = announced.dimension
        AND {terms}.slug = announced.slug
    ) FROM announced JOIN terms ON terms.dimension = announced.dimension AND terms.slug = announced.slug;
CREATE VIEW unit_counts(unit, cases) AS
    SELECT unit, count(*) FROM public_cases WHERE unit IS NOT NULL GROUP BY unit;
"""

# Only where the terms of a dimension have changed between rounds: which became which, from the round `since` on; and
# the cases by the terms as they were said, without those that they became.
CONCORDANCE = """
CREATE TABLE concordance (
    dimension TEXT NOT NULL REFERENCES dimensions(key), position INTEGER NOT NULL, since INTEGER NOT NULL,
    was TEXT, became TEXT, about TEXT,
    FOREIGN KEY (dimension, was) REFERENCES terms(dimension, slug),
    FOREIGN KEY (dimension, became) REFERENCES terms(dimension, slug)
) STRICT;
CREATE TABLE said_members (
    dimension TEXT NOT NULL, slug TEXT NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (dimension, member, slug),
    FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug),
    FOREIGN KEY (dimension, member) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE TABLE terms_now (
    dimension TEXT NOT NULL, slug TEXT NOT NULL, now TEXT NOT NULL, PRIMARY KEY (dimension, slug),
    FOREIGN KEY (dimension, slug) REFERENCES terms(dimension, slug),
    FOREIGN KEY (dimension, now) REFERENCES terms(dimension, slug)
) STRICT, WITHOUT ROWID;
CREATE VIEW said_terms(case_id, dimension, slug) AS
    SELECT case_terms.case_id, case_terms.dimension, said_members.slug
    FROM public_cases JOIN case_terms ON case_terms.case_id = public_cases.id
    JOIN said_members ON said_members.dimension = case_terms.dimension AND said_members.member = case_terms.slug;
"""

# Made for each dimension and field of a scheme, whose keys have letters, digits and _ only.
DIMENSION_VIEW = """
CREATE VIEW {name}(slug, name, cases, parent, about, page) AS
    SELECT terms.slug, terms.name, counts.cases, terms.parent, terms.about, terms.page
    FROM terms JOIN counts ON counts.dimension = terms.dimension AND counts.slug = terms.slug
    WHERE terms.dimension = '{key}' ORDER BY terms.position;
"""
TERM_COLUMN = """(
    SELECT terms.name FROM case_terms JOIN terms USING (dimension, slug)
    WHERE case_terms.case_id = public_cases.id AND case_terms.dimension = '{key}'
    ) AS {name}"""
NOW_COLUMN = """(
    SELECT terms.name FROM case_terms JOIN terms_now USING (dimension, slug)
    JOIN terms ON terms.dimension = terms_now.dimension AND terms.slug = terms_now.now
    WHERE case_terms.case_id = public_cases.id AND case_terms.dimension = '{key}'
    ) AS {name}"""
FIELD_COLUMN = """(
    SELECT value FROM case_fields WHERE case_fields.case_id = public_cases.id AND case_fields.key = '{key}'
    ) AS {name}"""
CASE_LIST = "CREATE VIEW case_list AS SELECT {columns} FROM public_cases;"

TAKEN = frozenset(re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", TABLES + VIEWS + CONCORDANCE)) | {"case_list"}


def view_name(dimension: Dimension) -> str:
    """Name of the view with the terms of `dimension` and their counts."""
    name = dimension.path.replace("-", "_")
    return f"{name}_terms" if name in TAKEN or name.startswith(("sqlite_", "cases_fts")) else name


def statements(scheme: Scheme) -> Iterator[str]:
    """The SQL that makes an empty database for `scheme`."""
    changed = [dimension for dimension in scheme.dimensions if dimension.concordance]
    yield TABLES
    if changed:
        yield CONCORDANCE
    yield VIEWS.replace("{terms}", "said_terms" if changed else "public_terms")
    for dimension in scheme.dimensions:
        yield DIMENSION_VIEW.format(name=quoted(view_name(dimension)), key=dimension.key)
    terms = [TERM_COLUMN.format(key=dimension.key, name=quoted(dimension.key)) for dimension in scheme.dimensions]
    terms += [NOW_COLUMN.format(key=dimension.key, name=quoted(now_key(dimension))) for dimension in changed]
    extras = [FIELD_COLUMN.format(key=extra.key, name=quoted(extra.key)) for extra in scheme.stored]
    columns = ", ".join(["number", "id", "title", "year", *terms, "unit", "people", "summary", *extras, "page"])
    yield CASE_LIST.format(columns=columns)
    yield full_text("public_cases")


def full_text(content: str) -> str:
    """The statement that makes the index of substrings. content: the view whose texts it belongs to, or nothing."""
    rows = ", content_rowid='number'" if content else ""
    columns = ", ".join(SEARCHED)
    options = f"content='{content}'{rows}, columnsize=0, tokenize='trigram'"
    return f"CREATE VIRTUAL TABLE cases_fts USING fts5({columns}, {options});"


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
