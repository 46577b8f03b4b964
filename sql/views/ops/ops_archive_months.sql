-- ops_archive_months: months that are old enough for the archive, and how far they are.
--
-- Grain: one row per month.
-- Time axis: month_start
-- Columns:
--   month_start       first day of the month (UTC)
--   archive_state     waiting (not closed), moving, archived, dropped
--   waiting_reason    what keeps the month open
--   payment_count     payments in the archive, or that were
--   settlement_count  settlements in the archive, or that were
--   base_amount       amount of these payments, base currency
--   checked_at        when archive_payments last looked at the month (UTC)
--   archived_at       when its last payment went into the archive (UTC)
--   dropped_at        when the archive of the month was dropped (UTC)
-- NULL: waiting_reason when nothing keeps it open; archived_at and dropped_at until then.
CREATE OR REPLACE VIEW ops_archive_months AS
SELECT
    m.month_start,
    m.archive_state,
    m.waiting_reason,
    m.payment_count,
    m.settlement_count,
    m.base_amount,
    m.checked_at,
    m.archived_at,
    m.dropped_at
FROM archive_months AS m;
