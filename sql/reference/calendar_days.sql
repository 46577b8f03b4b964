-- Days and acceptance windows of every calendar and rail, by the rules above.
CALL build_calendar_days('2018-01-01', '2030-12-31');
CALL build_settlement_windows('2018-01-01', '2030-12-31');
