import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Backup
@testable import Restore

extension RoundTripTests {
  @Test("objects of a locked owner are restored, and the owner gets its rights on the copy")
  func lockedOwner() async throws {
    try await BackupSample.withSchema { connection in
      let source = try #require(connection.options.database)
      try await OwnerAccount.make(on: connection)
      try await Deployment(connection: connection).deploy()
      let sample = try await BackupSample.make(connection)
      #expect(try await sample.examine().findings == [])
      try await BackupSample.withNewName { name in
        try await sample.restore(into: name)
        try await BackupSample.withConnection(to: name) { copy in
          let definers = try await copy.query(
            """
            SELECT definer FROM information_schema.views WHERE table_schema = DATABASE()
            UNION SELECT definer FROM information_schema.routines
            WHERE routine_schema = DATABASE()
            UNION SELECT definer FROM information_schema.triggers
            WHERE trigger_schema = DATABASE()
            """)
          #expect(definers.rows.map(\.values) == [["\(source)_owner@localhost"]])
          _ = try await copy.queryAll("CALL refresh_rollups(10)")
          _ = try await copy.queryAll("SELECT * FROM kpi_today")
          #expect(try await Deployment(connection: copy).drift() == [])
        }
      }
      try await connection.execute("DROP USER `\(source)_owner`@localhost")
    }
  }

  @Test("the backup role suffices to create a backup, and for nothing more")
  func backupRole() async throws {
    try await BackupSample.withSchema { owner in
      let schema = try #require(owner.options.database)
      try await Deployment(connection: owner).deploy()
      let roles = DatabaseRoles(connection: owner)
      try await roles.apply()
      try await owner.execute("CREATE USER `\(schema)_keeper`@localhost IDENTIFIED BY 'test-pass'")
      try await owner.execute("GRANT `\(schema)_backup` TO `\(schema)_keeper`@localhost")
      try await roles.apply()
      var options = owner.options
      options.user = "\(schema)_keeper"
      options.password = Secret("test-pass")
      let keeper = try await Connection.open(options)
      let sample = try await BackupSample.make(keeper)
      #expect(try await sample.examine().findings == [])
      await #expect(throws: DatabaseError.self) {
        try await keeper.execute("DELETE FROM backups")
      }
      await keeper.close()
      for role in ["admin", "analyst", "backup", "bi", "job", "monitor", "ops"] {
        try await owner.execute("DROP ROLE `\(schema)_\(role)`")
      }
      try await owner.execute("DROP USER `\(schema)_keeper`@localhost")
    }
  }

  @Test("names with quotes, backticks, blanks and semicolons are restored")
  func names() async throws {
    let name = "a`b ''c'' \"d\" ;;-- e`` \\ ö 漢"
    let quoted = "`\(name.replacing("`", with: "``"))`"
    func with(_ end: String) -> String {
      "`\(String(name.prefix(20)).replacing("`", with: "``"))\(end)`"
    }
    try await Self.roundTrip(
      """
      CREATE TABLE \(quoted) (
        \(quoted) INT NOT NULL AUTO_INCREMENT, \(with("x")) VARCHAR(20) COMMENT 'it''s; `x`, (y)',
        `plain),(` INT, `s,\\` INT AS (\(quoted) * 2) VIRTUAL,
        PRIMARY KEY (\(quoted)), KEY \(with("k")) (\(with("x"))), UNIQUE KEY `u;` (`plain),(`),
        CONSTRAINT \(with("ck")) CHECK (`plain),(` <> 7)
      ) COMMENT 'a;b''c\\nENGINE=MyISAM';
      INSERT INTO \(quoted) (\(with("x")), `plain),(`) VALUES ('a', 1), ('b', 2);
      CREATE TABLE \(with("child")) (
        \(with("id")) INT NOT NULL PRIMARY KEY, parent INT,
        CONSTRAINT \(with("fk")) FOREIGN KEY (parent) REFERENCES \(quoted) (\(quoted))
      );
      INSERT INTO \(with("child")) VALUES (1, 1);
      CREATE SEQUENCE \(with("seq"));
      CREATE FUNCTION \(with("f")) (`in ``x` INT) RETURNS INT DETERMINISTIC RETURN `in ``x` + 1;
      CREATE PROCEDURE \(with("p")) () SELECT 1;
      CREATE TRIGGER \(with("tr")) BEFORE INSERT ON \(quoted) FOR EACH ROW SET NEW.\(with("x")) = ';';
      CREATE VIEW \(with("z")) AS SELECT \(quoted), \(with("f"))(`plain),(`) AS \(with("r"))
        FROM \(quoted) WHERE \(with("x")) <> ');''"`\\\\ `';
      CREATE VIEW \(with("a")) AS SELECT * FROM \(with("z"));
      CREATE EVENT \(with("e").replacing(";;", with: ";")) ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01'
        DO SELECT 1;
      """
    ) { connection in
      let longest = "ñ" + String(repeating: "x", count: 63)
      try await connection.runScript(
        """
        CREATE TABLE `\(longest)` (
          id INT PRIMARY KEY, up INT, CONSTRAINT `\(longest)` FOREIGN KEY (up) REFERENCES `\(longest)` (id)
        );
        CREATE TRIGGER `\(longest)` BEFORE INSERT ON `\(longest)` FOR EACH ROW SET NEW.up = NEW.id;
        """)
    }
  }

  @Test("a long name with combining characters is restored")
  func combiningName() async throws {
    let name = String(repeating: "e\u{301}", count: 31)
    try await Self.roundTrip("CREATE TABLE `\(name)` (id INT PRIMARY KEY)")
  }

  @Test("comments, quotes and delimiters in bodies are restored")
  func bodies() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(99));
      CREATE PROCEDURE commented () MODIFIES SQL DATA COMMENT 'it''s ;; a "comment" \\\\ -- x'
      BEGIN
        -- it's a line; with ;; and "quotes
        # don't stop here;;
        /* nor here ;; it's `open */
        INSERT INTO t VALUES (1, 'it''s ;; \\'x\\' "y" \\\\');
        /*!50000 SET @a = 1 */;
      END;
      CREATE FUNCTION dashes () RETURNS INT DETERMINISTIC RETURN 5--1;
      CREATE TRIGGER t_before_insert BEFORE INSERT ON t FOR EACH ROW
      BEGIN
        -- it's ;; here
        SET NEW.word = CONCAT(NEW.word, ';;', '/*', "*/", '--');
      END;
      CREATE TRIGGER t_before_insert_again BEFORE INSERT ON t FOR EACH ROW SET NEW.word = UPPER(NEW.word);
      CREATE TRIGGER a_first BEFORE INSERT ON t FOR EACH ROW PRECEDES t_before_insert
        SET NEW.word = CONCAT('0', NEW.word);
      CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' ON COMPLETION PRESERVE DISABLE
        COMMENT 'it''s ;' DO BEGIN
        -- ; it's
        DELETE FROM t WHERE word = ';' OR word = "it's";
      END;
      CREATE VIEW texts AS SELECT ';;' AS a, 'it''s -- /*' AS b, "`x`.`y`" AS c;
      """
    ) { _ in
    } check: { connection in
      try await connection.execute("INSERT INTO t VALUES (7, 'x')")
      let word = try await connection.query("SELECT word FROM t").rows.first?["word"]
      #expect(word == "0X;;/**/--")
    }
  }

  @Test("an event with two semicolons does not block the dump tool for ever")
  func eventDelimiter() async throws {
    // The tool searches for a delimiter that does not occur in the event, and never finds one.
    try await BackupSample.withSchema { connection in
      try await connection.execute(
        "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT ';;'")
      let backup = Task { try await BackupSample.make(connection) }
      let watch = Task {
        try await Task.sleep(for: .seconds(30))
        backup.cancel()
      }
      let outcome = await backup.result
      watch.cancel()
      let error = #expect(throws: BackupError.self) { try outcome.get() }
      #expect(error?.code == .unsupported)
    }
  }

  @Test("a routine that mentions triggers is not treated as a trigger")
  func triggersInWords() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE t (id INT NOT NULL PRIMARY KEY);
      CREATE PROCEDURE about () COMMENT 'does what TRIGGER x BEFORE INSERT ON t did' SELECT 1;
      CREATE EVENT about_too ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO
        SELECT 'see TRIGGER x AFTER UPDATE ON t';
      """)
  }

  @Test(
    "bodies written under other SQL modes are restored",
    arguments: ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT", "ORACLE"])
  func sqlModes(mode: String) async throws {
    let text = mode == "NO_BACKSLASH_ESCAPES" ? #"'\'"# : "'x'"
    let isOracle = mode == "ORACLE"
    let function =
      isOracle
      ? "CREATE FUNCTION f RETURN VARCHAR(9) AS BEGIN RETURN 'x' || 'y'; END;"
      : "CREATE FUNCTION f () RETURNS VARCHAR(9) DETERMINISTIC BEGIN RETURN \(text); END;"
    try await Self.roundTrip(
      """
      SET sql_mode = '\(mode)';
      CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(9) DEFAULT \(text));
      \(function)
      CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.word = \(text); END;
      CREATE VIEW v AS SELECT word, \(text) AS x FROM t;
      CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO BEGIN
        DELETE FROM t WHERE word = \(text);
      END;
      SET sql_mode = DEFAULT;
      """)
  }

  @Test("bodies written by a latin1 client are restored")
  func latin1Client() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(9));
      """
    ) { connection in
      // The client library still sends UTF-8, so é is two characters to the server.
      try await connection.execute("SET character_set_client = latin1")
      for statement in [
        "CREATE PROCEDURE p () SELECT 'é'",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.word = 'é'",
        "CREATE VIEW v AS SELECT 'é' AS x",
        "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT 'é'",
      ] {
        try await connection.execute(bytes: Array(statement.unicodeScalars.map { UInt8($0.value) }))
      }
      try await connection.execute("SET NAMES utf8mb4")
    } check: { connection in
      let rows = try await connection.query("CALL p()").rows
      #expect(rows.first?.text(at: 0) == "é")
      try await connection.execute("INSERT INTO t (id) VALUES (1)")
      #expect(try await connection.query("SELECT word FROM t").rows.first?["word"] == "é")
    }
  }

  @Test("a schema whose character set is not that of its routines is restored")
  func otherCharacterSet() async throws {
    try await Self.roundTrip(
      """
      CREATE FUNCTION wide (in_text VARCHAR(40)) RETURNS VARCHAR(40) DETERMINISTIC
        RETURN CONCAT(in_text, '🍎');
      CREATE TABLE old (id INT NOT NULL PRIMARY KEY, word VARCHAR(9));
      CREATE TRIGGER old_before_insert BEFORE INSERT ON old FOR EACH ROW SET NEW.word = 'x';
      CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DELETE FROM old;
      ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci;
      CREATE TABLE words (id INT NOT NULL PRIMARY KEY, word VARCHAR(9));
      INSERT INTO words VALUES (1, 'Straße');
      CREATE FUNCTION narrow (in_text VARCHAR(40)) RETURNS VARCHAR(40) DETERMINISTIC
        RETURN CONCAT(in_text, '!');
      CREATE VIEW both_words AS SELECT wide(word) AS a, narrow(word) AS b FROM words;
      """
    ) { connection in
      let dump = try await BackupSample.make(connection).dump
      #expect(dump.contains("ALTER DATABASE"))
    }
  }

  @Test("an empty schema of another character set gets that of the backup")
  func existingTarget() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(
        """
        CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(9));
        CREATE FUNCTION f (in_text VARCHAR(9)) RETURNS VARCHAR(9) DETERMINISTIC RETURN in_text;
        """)
      let sample = try await BackupSample.make(connection)
      try await BackupSample.withNewName { name in
        try await connection.execute("CREATE DATABASE `\(name)` CHARACTER SET latin1")
        try await sample.restore(into: name)
        let source = connection.options.database ?? ""
        #expect(try await SchemaComparison(wanted: source, found: name).differences() == [])
      }
    }
  }

  // MARK: - Structure
}
