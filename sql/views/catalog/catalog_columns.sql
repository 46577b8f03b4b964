-- catalog_columns: what each column of a published view is, and how it adds up.
--
-- Grain: one row per published view and column.
-- Columns:
--   view_name         published view
--   ordinal_position  place among the columns, from 1
--   column_name       column
--   column_type       type, as the server writes it
--   unit              unit of the value
--   meaning           what it is
--   null_meaning      what NULL means in it; never: the server does not rule NULL out, but no row
--                     has it
--   additive          how values of several rows become one; no: they must not
--   numerator         column of the numerator
--   denominator       column of the denominator
--   is_personal       1 when it holds personal data
-- NULL: null_meaning: the server rules NULL out. numerator, denominator: no ratio of two columns.
CREATE OR REPLACE VIEW catalog_columns AS
SELECT
    c.view_name,
    c.ordinal_position,
    c.column_name,
    c.column_type,
    c.unit,
    c.meaning,
    c.null_meaning,
    c.additive,
    c.numerator,
    c.denominator,
    c.is_personal
FROM published_columns AS c;
