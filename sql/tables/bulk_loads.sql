-- Numbers of sessions that load rows past the capture triggers; begin_bulk_load draws one. LASTVAL
-- gives it back in that session alone, and no setting or variable of a session changes it: that is
-- what the triggers trust. Drawing a number takes the privilege to call begin_bulk_load (or INSERT on
-- this sequence).
CREATE SEQUENCE IF NOT EXISTS bulk_loads
START WITH 1 INCREMENT BY 1 NOCACHE NOCYCLE
ENGINE = InnoDB
COMMENT = 'Sequence of sessions that load in bulk';
