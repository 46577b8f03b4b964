-- table: account_window
-- from: 77c1601146aca81d
-- to: 5fbb234c38a51598
ALTER TABLE account_window
    ADD KEY IF NOT EXISTS idx_account_window_open_count (open_count);
