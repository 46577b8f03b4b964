-- catalog_dimensions: each dimension by which rollups count payments.
--
-- Grain: one row per dimension.
-- Columns:
--   dimension         dimension, as in kpi_payment_day
--   dimension_number  place among the dimensions, from 1
--   payment_column    column of transactions
--   null_member       member under which payments with NULL there are counted
--   has_latency       1 when latency is counted by it
--   meaning           what it is
-- NULL: payment_column: the dimension is all. null_member: no payment has NULL there.
CREATE OR REPLACE VIEW catalog_dimensions AS
SELECT
    d.dimension,
    d.dimension_number,
    d.payment_column,
    d.null_member,
    d.has_latency,
    d.meaning
FROM dimension_definitions AS d;
