-- What each role may do. `payops roles apply` grants this and revokes everything else; a deployment
-- writes these rows anew, so that a release can take a privilege away.
-- Grants on published views and on functions are in view_grants.sql, except that of backup on all
-- functions; each file replaces its own rows alone.
DELETE FROM role_grants
WHERE object_kind NOT IN ('view', 'function')
    OR object_kind = 'function' AND role_name = 'backup'
    OR object_kind = 'view'
        AND LEFT(object_pattern, 3) = 'int' AND SUBSTRING(object_pattern, 5, 1) = '_';
INSERT INTO role_grants (
    role_name,
    object_kind,
    object_pattern,
    privileges
) VALUES
    -- admin: the whole schema, without the right to pass it on.
    (
        'admin', 'schema', '%',
        'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, '
        'CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, '
        'CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER'),

    -- job: runs jobs, by itself or as their scheduler, and reads how it went.
    ('job', 'procedure', 'refresh\_rollups', 'EXECUTE'),
    ('job', 'procedure', 'reconcile\_rollups', 'EXECUTE'),
    ('job', 'procedure', 'check\_integrity', 'EXECUTE'),
    ('job', 'procedure', 'evaluate\_rules', 'EXECUTE'),
    ('job', 'procedure', 'apply\_risk\_scores', 'EXECUTE'),
    ('job', 'procedure', 'open\_risk\_cases', 'EXECUTE'),
    ('job', 'procedure', 'expire\_payments', 'EXECUTE'),
    ('job', 'procedure', 'settle\_batch', 'EXECUTE'),
    ('job', 'procedure', 'build\_%', 'EXECUTE'),
    ('job', 'procedure', 'run\_job', 'EXECUTE'),
    ('job', 'procedure', 'start\_job\_run', 'EXECUTE'),
    ('job', 'procedure', 'renew\_job\_run', 'EXECUTE'),
    ('job', 'procedure', 'finish\_job\_run', 'EXECUTE'),
    ('job', 'procedure', 'abandon\_job\_run', 'EXECUTE'),
    ('job', 'procedure', 'note\_missed\_runs', 'EXECUTE'),
    ('job', 'procedure', 'take\_scheduler\_lease', 'EXECUTE'),
    ('job', 'procedure', 'release\_scheduler\_lease', 'EXECUTE'),
    ('job', 'procedure', 'check\_job\_fence', 'EXECUTE'),
    ('job', 'procedure', 'check\_jobs', 'EXECUTE'),
    ('job', 'procedure', 'raise\_alert', 'EXECUTE'),
    ('job', 'procedure', 'resolve\_alert', 'EXECUTE'),
    ('job', 'procedure', 'read\_monitor\_series', 'EXECUTE'),
    ('job', 'procedure', 'end\_metric\_alert', 'EXECUTE'),
    ('job', 'procedure', 'raise\_metric\_alert', 'EXECUTE'),
    ('job', 'procedure', 'keep\_alert\_evidence', 'EXECUTE'),
    ('job', 'procedure', 'sample\_gauges', 'EXECUTE'),
    ('job', 'procedure', 'record\_monitor\_steps', 'EXECUTE'),
    ('job', 'procedure', 'record\_monitor\_tracks', 'EXECUTE'),
    ('job', 'procedure', 'end\_monitor\_tick', 'EXECUTE'),
    ('job', 'table', 'monitor\_metrics', 'SELECT'),
    ('job', 'table', 'monitor\_state', 'SELECT, INSERT, UPDATE'),
    ('job', 'table', 'monitor\_tracks', 'SELECT, DELETE'),
    ('job', 'table', 'monitor\_learned', 'SELECT, INSERT, UPDATE, DELETE'),
    ('job', 'procedure', 'lease\_notifications', 'EXECUTE'),
    ('job', 'procedure', 'finish\_notification', 'EXECUTE'),
    ('job', 'table', 'notification\_routes', 'SELECT'),
    ('job', 'table', 'payment\_seal\_batches', 'SELECT, INSERT'),
    ('job', 'table', 'payment\_seals', 'SELECT, INSERT'),
    ('job', 'table', 'payment\_requests', 'SELECT'),
    ('job', 'table', 'ledger\_entries', 'SELECT'),
    ('job', 'table', 'account\_ledgers', 'SELECT'),
    ('job', 'table', 'archive\_months', 'SELECT'),
    ('job', 'view', 'int\_account\_facts', 'SELECT, SHOW VIEW'),
    ('job', 'view', 'int\_archived\_payment\_facts', 'SELECT, SHOW VIEW'),
    ('job', 'view', 'int\_payment\_facts', 'SELECT, SHOW VIEW'),
    ('job', 'view', 'int\_request\_facts', 'SELECT, SHOW VIEW'),
    ('job', 'table', 'metric\_day', 'SELECT'),
    ('job', 'table', 'rollup\_state', 'SELECT'),
    ('job', 'table', 'risk\_rule\_runs', 'SELECT'),
    ('job', 'table', 'jobs', 'SELECT'),
    ('job', 'table', 'settings', 'SELECT'),
    ('job', 'table', 'job\_states', 'SELECT, INSERT, UPDATE'),
    ('job', 'table', 'job\_dues', 'SELECT, INSERT, UPDATE'),
    ('job', 'table', 'job\_runs', 'SELECT'),
    ('job', 'table', 'job\_requests', 'SELECT'),
    ('job', 'table', 'scheduler\_leases', 'SELECT'),
    ('job', 'table', 'watchdog\_ticks', 'SELECT'),
    ('job', 'table', 'calendar\_days', 'SELECT'),
    ('job', 'table', 'deployed\_objects', 'SELECT'),
    ('job', 'table', 'audit\_head', 'SELECT'),

    -- ops: figures and single payments, no rules, no cases; returns payments, blocks accounts.
    ('ops', 'procedure', 'set\_job\_enabled', 'EXECUTE'),
    ('ops', 'procedure', 'request\_job\_run', 'EXECUTE'),
    ('ops', 'procedure', 'run\_job', 'EXECUTE'),
    ('ops', 'procedure', 'change\_alert', 'EXECUTE'),
    ('ops', 'procedure', 'explain\_alert', 'EXECUTE'),
    ('ops', 'procedure', 'read\_monitor\_series', 'EXECUTE'),
    ('ops', 'procedure', 'read\_series', 'EXECUTE'),
    ('ops', 'procedure', 'read\_top\_customers', 'EXECUTE'),
    ('ops', 'procedure', 'read\_customer\_payments', 'EXECUTE'),
    ('ops', 'table', 'alert\_evidence', 'SELECT'),
    ('ops', 'procedure', 'silence\_alerts', 'EXECUTE'),
    ('ops', 'procedure', 'silence\_alerts\_by\_calendar', 'EXECUTE'),
    ('ops', 'procedure', 'end\_silence', 'EXECUTE'),
    ('ops', 'procedure', 'retry\_notifications', 'EXECUTE'),
    ('ops', 'procedure', 'retry\_quarantined\_changes', 'EXECUTE'),
    ('ops', 'procedure', 'discard\_quarantined\_changes', 'EXECUTE'),
    ('ops', 'table', 'jobs', 'SELECT'),
    ('ops', 'table', 'job\_states', 'SELECT'),
    ('ops', 'table', 'job\_runs', 'SELECT'),
    ('ops', 'table', 'calendar\_days', 'SELECT'),
    ('ops', 'table', 'notification\_routes', 'SELECT'),
    -- `payops health --at` asks how far the windows reach.
    ('ops', 'table', 'rollup\_state', 'SELECT'),
    ('ops', 'procedure', 'refund\_payment', 'EXECUTE'),
    ('ops', 'procedure', 'reverse\_payment', 'EXECUTE'),
    ('ops', 'procedure', 'void\_payment', 'EXECUTE'),
    ('ops', 'procedure', 'block\_account', 'EXECUTE'),
    ('ops', 'procedure', 'unblock\_account', 'EXECUTE'),

    -- analyst: everything published, persons and payments in full, rules and cases.
    ('analyst', 'table', 'customers', 'SELECT'),
    ('analyst', 'table', 'customer\_locations', 'SELECT'),
    ('analyst', 'table', 'accounts', 'SELECT'),
    ('analyst', 'table', 'payment\_handles', 'SELECT'),
    ('analyst', 'table', 'transactions', 'SELECT'),
    ('analyst', 'table', 'settlements', 'SELECT'),
    ('analyst', 'table', 'login\_activity', 'SELECT'),
    ('analyst', 'table', 'risk\_cases', 'SELECT'),
    ('analyst', 'table', 'rule\_versions', 'SELECT'),
    ('analyst', 'table', 'rule\_parameters', 'SELECT'),
    ('analyst', 'table', 'alert\_evidence', 'SELECT'),
    ('analyst', 'table', 'rollup\_state', 'SELECT'),
    ('analyst', 'procedure', 'explain\_alert', 'EXECUTE'),
    ('analyst', 'procedure', 'read\_series', 'EXECUTE'),
    ('analyst', 'procedure', 'read\_top\_customers', 'EXECUTE'),
    ('analyst', 'procedure', 'read\_customer\_payments', 'EXECUTE'),
    ('analyst', 'procedure', 'open\_case', 'EXECUTE'),
    ('analyst', 'procedure', 'flag\_payment', 'EXECUTE'),
    ('analyst', 'procedure', 'unflag\_payment', 'EXECUTE'),
    ('analyst', 'procedure', 'assign\_case', 'EXECUTE'),
    ('analyst', 'procedure', 'add\_case\_note', 'EXECUTE'),
    ('analyst', 'procedure', 'set\_case\_due\_date', 'EXECUTE'),
    ('analyst', 'procedure', 'decide\_case', 'EXECUTE'),
    ('analyst', 'procedure', 'reopen\_case', 'EXECUTE'),
    ('analyst', 'procedure', 'explain\_risk', 'EXECUTE'),
    ('analyst', 'procedure', 'override\_risk\_score', 'EXECUTE'),
    ('analyst', 'procedure', 'apply\_risk\_scores', 'EXECUTE'),
    ('analyst', 'procedure', 'propose\_rule\_version', 'EXECUTE'),
    ('analyst', 'procedure', 'activate\_rule\_version', 'EXECUTE'),
    ('analyst', 'procedure', 'rule\_whatif', 'EXECUTE'),

    -- bi: figures, alerts, masked persons and payments, hits without their thresholds; no case, no
    -- note.
    ('bi', 'table', 'rollup\_state', 'SELECT'),
    ('bi', 'procedure', 'read\_series', 'EXECUTE'),
    ('bi', 'procedure', 'read\_top\_customers', 'EXECUTE'),
    ('bi', 'procedure', 'read\_customer\_payments', 'EXECUTE'),

    -- monitor: what an exporter turns into metrics; no persons, no single payments.
    ('monitor', 'table', 'rollup\_state', 'SELECT'),
    ('monitor', 'procedure', 'read\_series', 'EXECUTE'),

    -- backup: what `payops backup create` and the register of backups take.
    ('backup', 'schema', '%', 'SELECT, LOCK TABLES, SHOW VIEW, EVENT, TRIGGER'),
    -- The dump tool asks for the columns of views, and those may come from functions.
    ('backup', 'function', '%', 'EXECUTE'),
    ('backup', 'table', 'backups', 'INSERT, UPDATE'),
    ('backup', 'table', 'log_archives', 'INSERT, UPDATE'),
    ('backup', 'system_table', 'proc', 'SELECT');
