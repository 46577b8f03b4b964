import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Statements allowed in a dump", .timeLimit(.minutes(10)))
struct DumpGuardTests {
  /// Statements that a dump of a schema never holds.
  private static let hostile = [
    "GRANT ALL ON *.* TO eve", "GRANT ALL PRIVILEGES ON *.* TO 'eve'@'%' IDENTIFIED BY 'x'",
    "REVOKE ALL PRIVILEGES, GRANT OPTION FROM ann", "CREATE USER eve IDENTIFIED BY 'x'",
    "CREATE OR REPLACE USER eve", "ALTER USER root IDENTIFIED BY 'x'", "DROP USER ann",
    "RENAME USER ann TO eve", "CREATE ROLE r", "SET PASSWORD = PASSWORD('x')",
    "SET PASSWORD FOR root = PASSWORD('x')", "SET DEFAULT ROLE r", "SET ROLE r",
    "SET GLOBAL general_log = 1", "SET @@global.general_log = 1", "SET @@GLOBAL .general_log = 1",
    "SET PERSIST general_log = 1", "SET SESSION sql_log_bin = 0", "SET sql_log_bin = 0",
    "SET @x = (SELECT password FROM mysql.user LIMIT 1)", "SET @x = LOAD_FILE('/etc/passwd')",
    "SET NAMES utf8mb4, GLOBAL general_log = 1", "SET sql_mode = '', @@global.general_log = 1",
    "SET character_set_client = gbk", "SET NAMES sjis", "SET sql_mode = @never_set",
    "SET sql_mode = CONCAT('ANSI', '_QUOTES')", "SET time_zone = (SELECT 1)",
    "SET STATEMENT max_statement_time = 1 FOR GRANT ALL ON *.* TO eve",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE t", "LOAD DATA LOCAL INFILE 'x' INTO TABLE t",
    "LOAD XML INFILE 'x' INTO TABLE t", "INSTALL PLUGIN x SONAME 'x.so'", "INSTALL SONAME 'x'",
    "UNINSTALL PLUGIN x", "CREATE FUNCTION sys_exec RETURNS INTEGER SONAME 'lib.so'",
    "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')", "SHUTDOWN", "KILL 1",
    "FLUSH PRIVILEGES", "RESET MASTER", "PURGE BINARY LOGS TO 'x'",
    "CHANGE MASTER TO MASTER_HOST = 'x'",
    "START SLAVE", "STOP SLAVE", "BINLOG 'AAAA'", "BACKUP STAGE START", "USE mysql", "DO SLEEP(9)",
    "DO SETVAL(`s`, (SELECT 1), 0)", "DO SETVAL(`other`.`s`, 1, 0)", "CALL other.p()", "CALL p()",
    "SELECT 1", "SELECT 1 INTO OUTFILE '/tmp/x'", "SELECT 1 INTO DUMPFILE '/tmp/x'",
    "HANDLER t OPEN",
    "DELETE FROM mysql.user", "UPDATE mysql.global_priv SET priv = ''", "REPLACE INTO t VALUES (1)",
    "TRUNCATE TABLE t", "RENAME TABLE t TO u", "ALTER TABLE `t` ADD COLUMN x INT",
    "ALTER DATABASE `other` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "DROP DATABASE victim",
    "DROP SCHEMA IF EXISTS victim", "CREATE DATABASE x", "DROP TABLE IF EXISTS `other`.`t`",
    "DROP TABLE IF EXISTS `t`, `u`", "LOCK TABLES `t` WRITE, mysql.user WRITE",
    "CREATE TABLE `other`.`t` (`a` int)", "CREATE TABLE `t` LIKE mysql.user",
    "CREATE TABLE `t` (LIKE mysql.user)", "CREATE TABLE `t` AS SELECT * FROM mysql.user",
    "CREATE TABLE `t` (`a` int) ENGINE=InnoDB SELECT * FROM mysql.user",
    "CREATE TABLE `t` (`a` int) ENGINE=InnoDB DATA DIRECTORY='/tmp'",
    "CREATE TABLE `t` (`a` int) ENGINE=FEDERATED CONNECTION='mysql://u@h/d/t'",
    "CREATE TABLE `t` (`a` int) ENGINE=CONNECT TABLE_TYPE=DOS FILE_NAME='/etc/passwd'",
    "CREATE TABLE `t` (`a` int) ENGINE=MRG_MyISAM UNION=(mysql.t)",
    "CREATE TABLE `t` (`a` text DEFAULT load_file('/etc/passwd')) ENGINE=InnoDB",
    "CREATE TABLE `t` (\n  `a` int,\n  CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `other`.`u` (`a`)\n)",
    "CREATE TEMPORARY TABLE `t` (`a` int)", "PREPARE s FROM 'GRANT ALL ON *.* TO eve'", "EXECUTE s",
    "EXECUTE IMMEDIATE CONCAT('GR', 'ANT ALL ON *.* TO eve')", "XA START 'x'", "COMMIT", "BEGIN",
    "INSERT INTO `t` SELECT * FROM mysql.user", "INSERT INTO `t` VALUES ((SELECT 1))",
    "INSERT INTO `t` VALUES (LOAD_FILE('/etc/passwd'))", "INSERT INTO `t` VALUES (1) RETURNING a",
    "INSERT INTO `t` VALUES (1) ON DUPLICATE KEY UPDATE a = SLEEP(9)",
    "INSERT INTO `t` VALUES (@x)",
    "INSERT INTO `other`.`t` VALUES (1)", "INSERT INTO `t` VALUES (1); GRANT ALL ON *.* TO eve",
    "INSERT INTO `t` SET a = 1", "INSERT INTO `t` VALUES ('a' 'b', 1+1)",
    "INSERT INTO t VALUES (1)",
    "INSERT INTO `t` VALUES (0x41/*! + 1 */)", "INSERT INTO `t` VALUES ('\\\\'),(SLEEP(1),'')",
  ]

  /// Definitions that reach beyond their schema.
  private static let reaching = [
    "VIEW `v` AS select `user`.`x` AS `x` from `mysql`.`user`",
    "VIEW `v` AS select `other`.`t`.`a` AS `a` from `t` join `other`.`t`",
    "VIEW `v` AS select 1 AS `a` from (`t` join `other`.`secret` `other`)",
    "VIEW `v` AS select `other`.`f`(1) AS `a`",
    "VIEW `v` AS select load_file('/etc/passwd') AS `a`",
    "VIEW `v` AS select 1 AS `a` from `t`, `other`.`secret` `other`",
    "PROCEDURE `p`() GRANT ALL ON *.* TO eve",
    "PROCEDURE `p`() BEGIN SET @a = 1; SET GLOBAL x = 1; END",
    "PROCEDURE `p`() SET @a = 1, GLOBAL general_log = 1", "PROCEDURE `p`() SET @@global.x = 1",
    "PROCEDURE `p`() SET @@GLOBAL.x = 1", "PROCEDURE `p`() DELETE FROM other.t",
    "PROCEDURE `p`() INSERT INTO other.t VALUES (1)", "PROCEDURE `p`() INSERT other.t VALUES (1)",
    "PROCEDURE `p`() UPDATE a, other.t SET a.x = 1", "PROCEDURE `p`() CALL other.p()",
    "PROCEDURE `p`() CREATE USER eve", "PROCEDURE `p`() LOAD DATA INFILE 'x' INTO TABLE t",
    "PROCEDURE `p`() SELECT 1 INTO OUTFILE '/tmp/x'", "PROCEDURE `p`() BEGIN SHUTDOWN; END",
    "PROCEDURE `p`() DROP DATABASE other", "PROCEDURE `p`() INSTALL SONAME 'x'",
    "PROCEDURE `p`() INSTALL COMPONENT 'file://x'", "PROCEDURE `p`() SET PERSIST x = 1",
    "PROCEDURE `p`() SET @@persist.x = 1", "PROCEDURE `p`() ALTER INSTANCE RELOAD KEYRING",
    "VIEW `v` AS select `t`.`a` AS `a` from `performance_schema`.`threads` `t`",
    "PROCEDURE `p`() EXECUTE IMMEDIATE 'GRANT ALL ON *.* TO eve'",
    "PROCEDURE `p`() EXECUTE IMMEDIATE CONCAT('GR', 'ANT ALL ON *.* TO eve')",
    "PROCEDURE `p`() EXECUTE IMMEDIATE CONCAT('CREATE', 'USER eve')",
    "PROCEDURE `p`() BEGIN SET @s = 'SELECT * FROM mysql.user'; PREPARE s FROM @s; END",
    "PROCEDURE `p`() BEGIN /* don't */ GRANT ALL ON *.* TO eve; END",
    "PROCEDURE `p`() BEGIN -- '\n GRANT ALL ON *.* TO eve; -- '\n END",
    "PROCEDURE `p`() BEGIN /*!50003 GRANT ALL ON *.* TO eve */; END",
    "PROCEDURE `p`() BEGIN /*M!100100 GRANT ALL ON *.* TO eve */; END",
    "PROCEDURE `p`() BEGIN /*! GRANT ALL ON *.* TO eve */; END",
    "PROCEDURE `p`() SELECT 'a\\\\' ; GRANT ALL ON *.* TO eve -- '",
    "FUNCTION `f`() RETURNS int RETURN (SELECT COUNT(*) FROM mysql . `user`)",
    "FUNCTION `f`() RETURNS int RETURN (SELECT 1 FROM t AS mysql JOIN mysql.user)",
    "EVENT `e` ON SCHEDULE EVERY 1 DAY DO SET GLOBAL general_log = 1",
    "EVENT `e` ON SCHEDULE EVERY 1 DAY DO TRUNCATE other.t",
    "TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW INSERT INTO other.t VALUES (1)",
    "TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = (SELECT a FROM other.t)",
  ]

  /// Definitions that stay within their schema, however odd they look.
  private static let harmless = [
    "VIEW `v` AS select `p`.`a` AS `a` from (`p` join `q` on(`p`.`a` = `q`.`mysql`))",
    "VIEW `v` AS select `shop`.`p`.`a` AS `a` from `shop`.`p`",
    "VIEW `v` AS select extract(year from `p`.`a`) AS `y`,trim('x' from `p`.`b`) AS `b` from `p`",
    "VIEW `v` AS select 1 AS `a` from `information_schema`.`tables` `t` where `t`.`table_name` = 'x'",
    "VIEW `v` AS select replace(`t`.`a`,'GRANT','x') AS `mysql.user` from `t`",
    "FUNCTION `f`() RETURNS int RETURN EXISTS (SELECT 1 FROM performance_schema.events_transactions_current)",
    "PROCEDURE `p`() BEGIN INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE t.a = t.a + 1; END",
    "PROCEDURE `p`() BEGIN SELECT t.a FROM t WHERE t.a = 'GRANT ALL ON *.* TO eve' FOR UPDATE; END",
    "PROCEDURE `p`() BEGIN /* GRANT ALL ON mysql.* TO eve */ SET @x = @@global.max_connections; END",
    "PROCEDURE `p`() BEGIN DECLARE r ROW TYPE OF t; SELECT a INTO r.a FROM t; UPDATE t SET password = 1; END",
    "PROCEDURE `p`() BEGIN UPDATE t AS x INNER JOIN u AS y ON y.a = x.a SET x.b = y.b, x.role = 2; END",
    "PROCEDURE `p`() EXECUTE IMMEDIATE CONCAT('SELECT * FROM ', t)",
    "PROCEDURE `p`() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1; DELETE t FROM t JOIN u ON u.a = t.a; END",
    "TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = OLD.b",
    "TRIGGER g BEFORE INSERT ON old.t FOR EACH ROW SET NEW.a = 1",
    "EVENT `e` ON SCHEDULE EVERY 1 DAY DO CALL p('mysql.user', 1.5, .5e3, 0x27)",
  ]

  private func refusal(
    _ statements: [String], trust: BackupTrust = .none
  ) -> BackupError.Code? {
    var guardian = DumpGuard(schema: "shop", trust: trust, relations: ["t", "u", "p", "q"])
    do throws(BackupError) {
      for statement in statements { try guardian.check(DumpStatement(Array(statement.utf8))) }
      return nil
    } catch {
      return error.code
    }
  }

  /// The forms in which a statement may be hidden.
  private static func disguises(of statement: String) -> [String] {
    let spaced = statement.replacing(" ", with: "/**/ ")
    return [
      statement, statement.lowercased(), "/*!\(statement)*/", "/*! \(statement) */",
      "/*!50003 \(statement) */", "/*M!100100 \(statement) */", "/*M! \(statement) */",
      "/* a comment */ \(statement)", "/* ' */ \(statement) /* ' */", "-- '\n\(statement)",
      "# \"\n\(statement) -- \"", spaced, "\t\n \(statement)\n", "/*!999999 ' */ \(statement)",
      "/*!100100*/ \(statement)", "/*!50003 /* inner */ \(statement) */", "/*!50003*/\(statement)",
      "/*!80000 x */ \(statement)",
    ]
  }

  @Test("statements that do not belong in a dump are refused, however they are hidden")
  func hostileStatements() {
    var count = 0
    for statement in Self.hostile {
      for disguise in Self.disguises(of: statement) {
        count += 1
        #expect(
          refusal([disguise]) == .refusedContent || refusal([disguise]) == .untrustedContent,
          "\(disguise)")
        if !statement.contains("REFERENCES") {
          #expect(refusal([disguise], trust: .source) == .refusedContent, "trusted: \(disguise)")
        }
      }
    }
    #expect(count > 1500)
  }

  private static func definition(_ text: String) -> [String] {
    let isView = text.hasPrefix("VIEW")
    let front = isView ? "ALGORITHM=UNDEFINED " : ""
    let security = isView ? " SQL SECURITY DEFINER" : ""
    return [
      "CREATE \(front)DEFINER=`root`@`localhost`\(security) \(text)",
      "/*!50001 CREATE \(front)*/ /*!50013 DEFINER=`root`@`localhost`\(security) */ /*!50001 \(text.replacing("/*!50003 ", with: "").replacing("/*M!100100 ", with: "").replacing("/*! ", with: "").replacing(" TO eve */", with: " TO eve")) */",
    ]
  }

  @Test("definitions that reach beyond their schema are refused unless the source is trusted")
  func reachingDefinitions() {
    for text in Self.reaching {
      for statement in Self.definition(text) {
        #expect(refusal([statement]) == .untrustedContent, "\(statement)")
        #expect(refusal([statement], trust: .source) == nil, "\(statement)")
      }
    }
  }

  @Test("definitions that stay within their schema are accepted, whatever words they hold")
  func harmlessDefinitions() {
    for text in Self.harmless {
      for statement in Self.definition(text) {
        #expect(refusal([statement]) == nil, "\(statement)")
      }
    }
  }

  @Test("the SQL mode that a dump sets decides which quotes enclose a text")
  func modes() {
    let body = "CREATE PROCEDURE p() BEGIN SELECT 'a\\'; GRANT ALL ON *.* TO eve; -- '; END"
    #expect(refusal([body]) == nil, "with escapes it is one text")
    #expect(refusal(["SET sql_mode = 'NO_BACKSLASH_ESCAPES'", body]) == .untrustedContent)
    #expect(
      refusal([
        "SET @saved_sql_mode = @@sql_mode", "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
        "SET sql_mode = @saved_sql_mode", body,
      ]) == nil)
    let quoted = "CREATE PROCEDURE p() SELECT a FROM \"mysql\".\"user\""
    #expect(refusal(["SET sql_mode = 'ANSI_QUOTES'", quoted]) == .untrustedContent)
    #expect(
      refusal([
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES'", "INSERT INTO `t` VALUES ('\\'),(SLEEP(1),'')",
      ])
        == .refusedContent)
  }

  @Test("fragments of hostile statements in random places never get past the guard")
  func randomPieces() {
    var random = SeededRandom(seed: 7)
    let pieces = [
      "GRANT", "ALL", "ON", "*", ".", "TO", "eve", "'", "\"", "`", "\\", "/*!", "/*M!", "*/", "/*",
      "50003 ",
      "--", "\n", " ", ";", "CREATE", "DEFINER=`a`@`b`", "VIEW", "`v`", "AS", "SELECT", "1", "FROM",
      "mysql", "user", "SET", "GLOBAL", "x", "=", "@@global.x", "#", ",", "(", ")", "NULL",
    ]
    for _ in 0..<20_000 {
      let text = (0..<random.within(3...14)).map { _ in pieces[random.below(pieces.count)] }
        .joined(separator: random.chance(0.5) ? " " : "")
      let statement = DumpStatement(Array(text.utf8))
      var guardian = DumpGuard(schema: "shop", trust: .source)
      guard (try? guardian.check(statement)) != nil else { continue }
      // An accepted statement is empty, or begins, as the server reads it, with a word of a dump.
      let tokens = (try? SQLToken.tokens(of: statement.bytes)) ?? []
      let first = tokens.first?.keyword ?? ""
      #expect(["", "SET", "CREATE", "DROP", "LOCK", "UNLOCK", "ALTER"].contains(first), "\(text)")
    }
  }

  // MARK: - Real dumps

  /// A schema unlike payops' own: odd names, modes, objects and texts.
  private static let odd = """
    CREATE TABLE `we``ird; -- t` (id INT PRIMARY KEY, j JSON, g GEOMETRY, b BLOB,
      v INT AS (id * 2) VIRTUAL, s INT AS (id + 1) STORED, inv INT INVISIBLE DEFAULT 3,
      e ENUM('a''b', 'c;d'), u UUID, i6 INET6, bi BIT(5), d DOUBLE, t TIME(3),
      ts TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6), c CHAR(3) CHECK (c LIKE 'a%'), FULLTEXT KEY ft (c)
    ) COMMENT 'it''s; /*! GRANT */ -- x';
    INSERT INTO `we``ird; -- t` (id, j, g, b, e, u, i6, bi, d, t, c) VALUES
      (1, '{"a": 1}', POINT(1, 2), 0x00ff27, 'a''b', UUID(), '::1', b'101', -1e-300, '-12:00:00.5', 'abc'),
      (2, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, 'a');
    CREATE TABLE texts (id INT PRIMARY KEY, body TEXT);
    INSERT INTO texts VALUES (1, 'GRANT ALL ON *.* TO eve;\\n'), (2, '''),(SLEEP(1),'''), (3, '\\\\'),
      (4, '/*! SET GLOBAL x = 1 */'), (5, '\\0\\Z\\r\\n'), (6, 'ü🍎');
    CREATE TABLE ver (a INT) WITH SYSTEM VERSIONING;
    INSERT INTO ver VALUES (1);
    UPDATE ver SET a = 2;
    CREATE SEQUENCE sq START WITH -5 MINVALUE -10 INCREMENT BY 2;
    CREATE TABLE parts (a INT, b INT DEFAULT NEXTVAL(sq), PRIMARY KEY (a))
      PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);
    CREATE TABLE p2 (a INT AUTO_INCREMENT PRIMARY KEY, `mysql` INT, `x.y` INT, `grant` INT, role INT);
    CREATE TABLE fk (a INT, CONSTRAINT fk1 FOREIGN KEY (a) REFERENCES p2 (a));
    CREATE TABLE ms (a INT) ENGINE = MyISAM;
    INSERT INTO ms VALUES (1);
    CREATE FUNCTION f (x INT) RETURNS INT DETERMINISTIC RETURN x + 1;
    CREATE PROCEDURE pr (in_a INT) COMMENT 'it''s'
    BEGIN
      /*! SELECT 1 */; /* it's ;; no */
      PREPARE s FROM CONCAT('sel', 'ect 1');
      EXECUTE s;
      UPDATE p2 AS x SET x.role = 1, x.`grant` = 2;
    END;
    CREATE TRIGGER tr BEFORE INSERT ON parts FOR EACH ROW BEGIN /* c */ SET NEW.b = 1; END;
    CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO DELETE FROM parts;
    SET sql_mode = 'ORACLE';
    CREATE PACKAGE pk AS PROCEDURE a; END;
    CREATE PACKAGE BODY pk AS PROCEDURE a AS BEGIN NULL; END; END;
    CREATE PROCEDURE uses AS BEGIN pk.a(); END;
    SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
    CREATE TRIGGER "t""r" BEFORE INSERT ON "p2" FOR EACH ROW SET NEW."grant" = 1;
    CREATE EVENT "e;v" ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO DELETE FROM "parts";
    CREATE PROCEDURE "q;q" () BEGIN SELECT "a", 'it''s \\' AS x FROM "p2"; END;
    SET sql_mode = DEFAULT;
    CREATE VIEW v AS SELECT a, f(b) AS fb FROM parts WHERE a > 1 AND a IN (SELECT id FROM `we``ird; -- t`);
    CREATE VIEW v2 AS SELECT * FROM v UNION SELECT 1, 2;
    CREATE VIEW v3 AS SELECT EXTRACT(YEAR FROM t.ts) AS y, TRIM('x' FROM t.c) AS c FROM `we``ird; -- t` AS t;

    """

  /// Reads a dump as a restore would.
  private func refusals(of sample: BackupSample) throws -> [String] {
    var splitter = StatementSplitter(.tool)
    var guardian = DumpGuard(sample.manifest, trust: .none)
    var found: [String] = []
    func look(_ bytes: [UInt8]) {
      do {
        try guardian.check(DumpStatement(bytes))
      } catch {
        found.append("\(error): \(String(decoding: bytes.prefix(300), as: UTF8.self))")
      }
    }
    try BackupReader.read(sample.dataPath, manifest: sample.manifest, key: nil) {
      try splitter.update($0, look)
    }
    try splitter.finish(look)
    return found
  }

  @Test("placeholders of views are accepted in the forms of older and newer dump tools only")
  func standIns() {
    for column in ["NULL AS `a`", "1 AS `a`", "1 AS `a`, 1 AS `b`", "NULL AS `a`, 1 AS `b`"] {
      #expect(refusal(["CREATE VIEW `v` AS SELECT \(column)"]) == nil, "\(column)")
    }
    for column in ["1 AS `a` INTO OUTFILE 'x'", "1 + 1 AS `a`, load_file('x')", "1 `a`", "1 AS"] {
      #expect(refusal(["CREATE VIEW `v` AS SELECT \(column)"]) != nil, "\(column)")
    }
  }

  @Test("the dump of a schema with every kind of object is accepted")
  func oddSchema() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(Self.odd)
      let sample = try await BackupSample.make(connection)
      #expect(try refusals(of: sample) == [])
      #expect(try await sample.examine().findings == [])
    }
  }

  @Test("the dump of the payops schema is accepted")
  func ownSchema() async throws {
    try await TestServer.withSchema { connection in
      let sample = try await BackupSample.make(connection)
      #expect(try refusals(of: sample) == [])
    }
  }

  @Test(
    "a statement added to a dump is refused before anything runs, in restore and verification")
  func injected() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript("CREATE TABLE t (a INT); INSERT INTO t VALUES (1);")
      let sample = try await BackupSample.make(connection)
      for statement in [
        "GRANT ALL ON *.* TO eve_of_backup IDENTIFIED BY 'x';\n",
        "DROP DATABASE IF EXISTS victim;\n",
      ] {
        let doctored = try sample.withDump {
          try $0.exchange("UNLOCK TABLES;\n", for: "UNLOCK TABLES;\n" + statement)
        }
        let outcome = try await doctored.examine()
        #expect(outcome.state == .failed)
        #expect(outcome.findings.map(\.check) == ["restore"])
        try await BackupSample.withNewName { name in
          let error = await #expect(throws: BackupError.self) {
            try await doctored.restore(into: name)
          }
          #expect(error?.code == .refusedContent)
          let made = try await connection.query(
            "SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = ?",
            [.text(name)])
          #expect(made.rows.isEmpty)
        }
        let users = try await connection.query(
          "SELECT User FROM mysql.user WHERE User = 'eve_of_backup'")
        #expect(users.rows.isEmpty)
      }
    }
  }
}
