import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Backup

@Suite("What comes back from a backup", .timeLimit(.minutes(10)))
struct RoundTripTests {
  /// Backs a schema up, verifies the backup, restores it under another name, and compares.
  private static func roundTrip(
    _ script: String, key: EncryptionKey? = nil, trust: BackupTrust = .none,
    prepare: (Connection) async throws -> Void = { _ in },
    check: (Connection) async throws -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(script)
      try await prepare(connection)
      let sample = try await BackupSample.make(connection, key: key)
      let findings = try await sample.examine(trust: trust).findings
      #expect(findings == [], sourceLocation: sourceLocation)
      let source = connection.options.database ?? ""
      try await BackupSample.withNewName { name in
        try await sample.restore(into: name, trust: trust)
        let differences = try await SchemaComparison(wanted: source, found: name).differences()
        #expect(differences == [], sourceLocation: sourceLocation)
        try await BackupSample.withConnection(to: name, check)
      }
    }
  }

  // MARK: - Values

  private static let everyType = """
    CREATE TABLE every_type (
      id INT NOT NULL PRIMARY KEY, tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT,
      big BIGINT, huge BIGINT UNSIGNED, money DECIMAL(38,10), fine DECIMAL(65,30),
      real_number DOUBLE, flag BIT(1), flags BIT(64), day DATE, moment TIME(6), at DATETIME(6),
      stamp TIMESTAMP(6) NULL, a_year YEAR, fixed CHAR(10), words VARCHAR(300),
      latin VARCHAR(100) CHARACTER SET latin1, wide VARCHAR(100) CHARACTER SET utf16,
      page LONGTEXT, code BINARY(16), bytes VARBINARY(300), blob_bytes LONGBLOB, document JSON,
      choice ENUM('', 'a', 'it''s', 'b,c'), several SET('x', 'y''', 'z'), uuid UUID, address INET6,
      place GEOMETRY, stored_sum BIGINT AS (tiny + 1) STORED,
      virtual_text VARCHAR(310) AS (CONCAT(words, '!')) VIRTUAL,
      KEY idx_virtual (virtual_text), KEY idx_words (words(20) DESC)
    );
    INSERT INTO every_type (id) VALUES (0);
    INSERT INTO every_type (id, tiny, small, medium, big, huge, money, fine, real_number, flag,
        flags, day, moment, at, stamp, a_year, fixed, words, page, code, bytes, blob_bytes,
        document, choice, several, uuid, address, place)
      VALUES
      (-2147483648, -128, 0, -8388608, -9223372036854775808, 0,
        -9999999999999999999999999999.9999999999,
        -99999999999999999999999999999999999.999999999999999999999999999999,
        -1.7976931348623157e308, b'0', 0, '0001-01-01', '-838:59:59.999999',
        '0001-01-01 00:00:00.000001', '1970-01-01 00:00:01.000000', 1901, '', '', '', '', '', '',
        '{}', '', '', '00000000-0000-0000-0000-000000000000', '::', ST_PointFromText('POINT(0 0)')),
      (2147483647, 126, 65535, 8388607, 9223372036854775807, 18446744073709551615,
        9999999999999999999999999999.9999999999,
        99999999999999999999999999999999999.999999999999999999999999999999,
        1.7976931348623157e308, b'1', 0xffffffffffffffff, '9999-12-31', '838:59:59.999999',
        '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999', 2155, '0123456789',
        REPEAT('z', 300), REPEAT('long ', 60000), REPEAT(0xff, 16), REPEAT(0x00, 300),
        REPEAT(0x0a, 70000), '{"a": [1, "x\\\\n\\\\u0000", null]}', 'it''s', 'x,y'',z',
        'ffffffff-ffff-ffff-ffff-ffffffffffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
        ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')),
      (1, 0, 1, -1, -1, 1, 0.0000000001, 0.000000000000000000000000000001, 5e-324, NULL, 1,
        '2024-02-29', '00:00:00', '2024-02-29 12:00:00.5', '2024-10-27 01:30:00', 2000, ' a ', ' ',
        NULL, 0x00, 0x5c27, NULL, NULL, 'b,c', 'z', NULL, '::ffff:1.2.3.4', NULL),
      (2, 1, 2, 2, 2, 2, -0.1, 0.1, 0.1, NULL, 255, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    """

  /// Texts that mean something to one of the programs on the way.
  private static let hardTexts = [
    "", " ", "  two  ", "NULL", "\\N", "\\", "\\\\", "'", "''", "\"", "`", "\0", "a\0b", "\r",
    "\n", "\r\n", "\t", "\u{8}", "\u{1a}", "%", "_", "\\'", "\\\"", "),(", "),\n(", ");\n", ";\n",
    "';\n", "\\n", "\\0", "\\Z", "0x41", "-- Dump completed", "\n-- Dump completed\n", "--", "#",
    "/*", "*/", "/*!50001", "DELIMITER ;;", "INSERT INTO `t` VALUES", "é", "ß", "🍎", "👩‍👩‍👧‍👦",
    "e\u{301}", "\u{feff}", "\u{2028}", "\u{fffd}", "\u{10ffff}", "\u{7f}", "UNHEX('41')",
    "STR_TO_DATE('x','y')", "'),('", "\\),\\(", "=1+1", "$(true)", "?",
  ]

  @Test("every type with its extreme values")
  func extremes() async throws {
    try await Self.roundTrip(Self.everyType)
  }

  @Test("texts and bytes that look like something else")
  func hardValues() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE texts (id INT NOT NULL PRIMARY KEY, text_value TEXT NOT NULL, other VARCHAR(99));
      CREATE TABLE all_bytes (id BINARY(4) NOT NULL PRIMARY KEY, bytes VARBINARY(600) NOT NULL);
      CREATE TABLE byte_texts (id INT NOT NULL PRIMARY KEY, name VARCHAR(9), bytes BLOB);
      """
    ) { connection in
      for (id, text) in Self.hardTexts.enumerated() {
        try await connection.execute(
          "INSERT INTO texts VALUES (?, ?, ?)",
          [.integer(id), .text(text), id % 3 == 0 ? .null : .text(text)])
        try await connection.execute(
          "INSERT INTO byte_texts VALUES (?, ?, ?)",
          [.integer(id), .text(text.utf8.count > 9 ? "" : text), .bytes(Array(text.utf8))])
      }
      for byte in UInt8.min...UInt8.max {
        try await connection.execute(
          "INSERT INTO all_bytes VALUES (?, ?)",
          [
            .bytes([byte, 255 - byte, 0, byte]),
            .bytes([byte] + Array(UInt8.min...UInt8.max) + [byte, byte]),
          ])
      }
    } check: { connection in
      for (id, text) in Self.hardTexts.enumerated() {
        let row = try await connection.query(
          "SELECT text_value FROM texts WHERE id = ?", [.integer(id)]
        ).rows.first
        #expect(row?.bytes("text_value") == Array(text.utf8))
      }
    }
  }

  @Test("dates that only loose SQL modes take")
  func looseDates() async throws {
    try await Self.roundTrip(
      """
      SET sql_mode = 'ALLOW_INVALID_DATES';
      CREATE TABLE loose (
        id INT NOT NULL AUTO_INCREMENT, day DATE NOT NULL DEFAULT '0000-00-00',
        at DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', choice ENUM('a') NOT NULL,
        number INT NOT NULL,
        PRIMARY KEY (id), KEY idx_loose_day (day), UNIQUE KEY uq_loose_number (number)
      );
      INSERT INTO loose (day, at, choice, number) VALUES
        ('0000-00-00', '0000-00-00', 'a', 1), ('2023-02-31', '2023-00-00', 'b', 2);
      SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
      INSERT INTO loose VALUES (0, '2023-01-01', '2023-01-01', '', 3);
      SET sql_mode = DEFAULT;
      """)
  }

  @Test("numbers that the dump tool rounds are never called verified", arguments: [true, false])
  func floats(readsChecksums: Bool) async throws {
    for computed in ["", ", twice DOUBLE AS (value * 2) VIRTUAL"] {
      try await BackupSample.withSchema { connection in
        try await connection.runScript(
          """
          CREATE TABLE floats (id INT PRIMARY KEY, value FLOAT\(computed));
          INSERT INTO floats (id, value) VALUES (1, 16777217), (2, 1.2345678), (3, 0.1);
          """)
        do {
          let sample = try await BackupSample.make(connection, readsChecksums: readsChecksums)
          let isVerified = try await sample.examine().state == .verified
          try await BackupSample.withNewName { name in
            try await sample.restore(into: name, compares: false)
            let source = connection.options.database ?? ""
            let differences = try await SchemaComparison(wanted: source, found: name).differences()
            #expect(!isVerified || differences == [])
          }
        } catch let error as BackupError {
          #expect(error.code == .unsupported)
        }
      }
    }
  }

  /// CHECKSUM TABLE gives equal rows different sums when a column is computed, stored or not.
  @Test("tables with computed columns are verified", arguments: ["STORED", "VIRTUAL"])
  func computedColumns(kind: String) async throws {
    try await BackupSample.withSchema { connection in
      for number in 1...4 {
        try await connection.runScript(
          """
          CREATE TABLE computed_\(number) (
              id BIGINT PRIMARY KEY, state ENUM ('open', 'closed') NOT NULL, opened_at DATETIME NOT NULL,
              open_id BIGINT AS (IF(state = 'closed', NULL, id)) \(kind));
          INSERT INTO computed_\(number) (id, state, opened_at)
          SELECT seq, 'open', NOW() FROM seq_1_to_20;
          """)
      }
      let sample = try await BackupSample.make(connection)
      let examined = try await sample.examine()
      #expect(examined.state == .verified, "\(examined)")
    }
  }

  @Test("random rows", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func randomRows(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed, stream: "round trip")
    let types = [
      "INT", "BIGINT UNSIGNED", "DECIMAL(20,6)", "DOUBLE", "BIT(12)", "DATE", "DATETIME(3)",
      "TIME(2)", "VARCHAR(80)", "TEXT", "CHAR(12)", "VARBINARY(60)", "BLOB", "JSON",
      "VARCHAR(60) CHARACTER SET latin1", "ENUM('a', 'b''', ',')", "UUID",
    ]
    let columns = (0..<12).map { _ in random.below(types.count) }
    let hasVirtual = random.chance(0.5)
    var definitions = columns.enumerated().map { "c\($0) \(types[$1])" }
    if hasVirtual { definitions.append("computed INT AS (id + 1) VIRTUAL") }
    if random.chance(0.5) {
      definitions.append("KEY idx_first (c0\(columns[0] >= 8 ? "(9)" : ""))")
    }
    let rows = (0..<150).map { _ in
      columns.map { Self.randomValue(of: types[$0], &random) }
    }
    let names = columns.indices.map { "c\($0)" }.joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    try await Self.roundTrip(
      "CREATE TABLE chance (id INT AUTO_INCREMENT PRIMARY KEY, \(definitions.joined(separator: ", ")))",
      key: seed % 2 == 0 ? BackupSample.newKey() : nil
    ) { connection in
      for row in rows {
        try await connection.execute("INSERT INTO chance (\(names)) VALUES (\(marks))", row)
      }
    } check: { connection in
      let count = try await connection.query("SELECT COUNT(*) AS n FROM chance").rows.first
      #expect(count?.integer("n") == 150)
    }
  }

  private static func randomValue(of type: String, _ random: inout SeededRandom) -> SQLValue {
    if random.chance(0.15) { return .null }
    func text(_ limit: Int, _ allowed: [String]) -> SQLValue {
      var text = ""
      while random.chance(0.8) {
        let next = allowed[random.below(allowed.count)]
        if (text + next).unicodeScalars.count > limit { break }
        text += next
      }
      return .text(text)
    }
    func number(_ range: ClosedRange<Int>) -> Int { random.within(range) }
    let day = "\(number(1000...9999))-\(number(10...12))-\(number(10...28))"
    let clock = "\(number(10...23)):\(number(10...59)):\(number(10...59)).\(number(10...99))"
    switch type {
    case "INT": return .integer(number(-2_147_483_648...2_147_483_647))
    case "BIGINT UNSIGNED": return .text("\(random.next())")
    case "DECIMAL(20,6)": return .text("-\(number(0...99_999_999)).\(number(100_000...999_999))")
    case "DOUBLE":
      let value = Double(bitPattern: random.next())
      return .double(value.isFinite && value.isNormal ? value : 0.5)
    case "BIT(12)": return .integer(number(0...4095))
    case "DATE": return .text(day)
    case "DATETIME(3)": return .text("\(day) \(clock)")
    case "TIME(2)": return .text("-\(number(100...800)):59:59.\(number(10...99))")
    case "VARCHAR(80)", "TEXT": return text(80, hardTexts)
    case "CHAR(12)": return text(12, hardTexts)
    case "VARBINARY(60)", "BLOB":
      return .bytes((0..<number(0...60)).map { _ in UInt8(number(0...255)) })
    case "JSON": return .text("{\"key\": \"\(number(0...9)) \\\\ \\n ),(\"}")
    case "UUID":
      return .text("123e4567-e89b-12d3-a456-\(number(100_000_000_000...999_999_999_999))")
    case "ENUM('a', 'b''', ',')": return .text(["a", "b'", ","][number(0...2)])
    default: return text(60, ["é", "ß", "'", "\\", "\n", "a", "),(", ";"])
    }
  }

  @Test("an encrypted backup of several pieces")
  func encrypted() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE noise (id INT PRIMARY KEY, bytes VARBINARY(64) NOT NULL, words TEXT NOT NULL);
      INSERT INTO noise SELECT seq, UNHEX(SHA2(seq, 512)), REPEAT(seq, 9) FROM seq_1_to_8000;
      """, key: try BackupSample.newKey())
  }

  // MARK: - Names and texts

  @Test("objects of a locked owner, who gets its rights on the copy too")
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

  @Test("the role for backups is enough to take one, and no more than that")
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

  @Test("names with quotes, backticks, blanks and semicolons")
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

  @Test("a long name with combining characters")
  func combiningName() async throws {
    let name = String(repeating: "e\u{301}", count: 31)
    try await Self.roundTrip("CREATE TABLE `\(name)` (id INT PRIMARY KEY)")
  }

  @Test("comments, quotes and delimiters in bodies")
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

  @Test("an event with two semicolons does not hold the dump tool up for ever")
  func eventDelimiter() async throws {
    // The tool looks for a delimiter that the event does not hold, and never finds one.
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

  @Test("a routine that speaks of triggers is no trigger")
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
    "bodies written under other SQL modes",
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

  @Test("bodies written by a client that spoke latin1")
  func latin1Client() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(9));
      """
    ) { connection in
      // The client library goes on to send UTF-8; é is two characters to the server then.
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

  @Test("a schema whose character set is not that of its routines")
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

  @Test("an empty schema of another character set takes that of the backup")
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

  @Test("keys, counters, partitions, checks and other engines")
  func structure() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE counter_last (
        id INT NOT NULL, n INT NOT NULL AUTO_INCREMENT,
        v INT, PRIMARY KEY (id), UNIQUE KEY uq_n (n), KEY idx_v (v)
      ) AUTO_INCREMENT = 50;
      INSERT INTO counter_last (id, v) VALUES (1, 2), (2, 1);
      CREATE TABLE no_primary (a INT NOT NULL, b INT, UNIQUE KEY uq_a (a), KEY idx_b (b));
      INSERT INTO no_primary VALUES (1, NULL), (2, NULL);
      CREATE TABLE no_key (a INT);
      INSERT INTO no_key VALUES (1), (1), (NULL);
      CREATE TABLE many_keys (
        id INT NOT NULL PRIMARY KEY, words TEXT, place POINT NOT NULL, a INT, b INT,
        SPATIAL KEY sp (place), KEY idx_a (a), FULLTEXT KEY ft (words), UNIQUE KEY uq_b (b),
        KEY idx_ab (a, b) COMMENT 'it''s', KEY idx_words (words(10)), KEY idx_hidden (b, a) IGNORED,
        UNIQUE KEY uq_words (words)
      );
      INSERT INTO many_keys VALUES (1, 'x y z', POINT(1, 2), 1, 1);
      CREATE TABLE parts (id INT NOT NULL, at DATE NOT NULL, PRIMARY KEY (id, at), KEY idx_at (at))
        PARTITION BY RANGE (YEAR(at)) (
          PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
      INSERT INTO parts VALUES (1, '2019-01-01'), (2, '2024-01-01');
      CREATE TABLE packed (id INT NOT NULL PRIMARY KEY, v TEXT) ROW_FORMAT = COMPRESSED;
      INSERT INTO packed VALUES (1, REPEAT('x', 9000));
      CREATE TABLE hidden (id INT NOT NULL PRIMARY KEY, v INT INVISIBLE DEFAULT 7, w INT DEFAULT (v + 1));
      INSERT INTO hidden (id, v) VALUES (1, 8);
      CREATE TABLE spans (
        id INT NOT NULL, a DATE NOT NULL, b DATE NOT NULL, PERIOD FOR p (a, b),
        PRIMARY KEY (id, p WITHOUT OVERLAPS), CONSTRAINT ck_spans_id CHECK (id > 0)
      );
      INSERT INTO spans VALUES (1, '2024-01-01', '2024-02-01'), (1, '2024-02-01', '2024-03-01');
      """
    ) { _ in
    } check: { connection in
      try await connection.execute("INSERT INTO counter_last (id) VALUES (9)")
      let counter = try await connection.query("SELECT n FROM counter_last WHERE id = 9").rows
      #expect(counter.first?.integer("n") == 52)
    }
  }

  @Test("columns that take their default from a sequence")
  func sequenceDefault() async throws {
    try await Self.roundTrip(
      """
      CREATE SEQUENCE steps START WITH 5 INCREMENT BY 10 MAXVALUE 1000 CYCLE NOCACHE;
      SELECT NEXTVAL(steps);
      CREATE TABLE stepped (id BIGINT NOT NULL DEFAULT NEXTVAL(steps) PRIMARY KEY, v INT);
      INSERT INTO stepped (v) VALUES (1);
      """
    ) { _ in
    } check: { connection in
      try await connection.execute("INSERT INTO stepped (v) VALUES (2)")
      let step = try await connection.query("SELECT id FROM stepped WHERE v = 2").rows
      #expect(step.first?.integer("id") == 25)
    }
  }

  @Test("keys that cannot be added later keep their place among the others")
  func keyOrder() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE places (
        id INT NOT NULL PRIMARY KEY, place POINT NOT NULL, a INT, KEY idx_a (a),
        SPATIAL KEY sp (place)
      );
      CREATE TABLE t (
        id INT NOT NULL, n INT NOT NULL AUTO_INCREMENT, v INT,
        PRIMARY KEY (id), KEY idx_v (v), KEY idx_n (n)
      );
      INSERT INTO t (id, v) VALUES (1, 1);
      """)
  }

  @Test("a column whose comment speaks of AUTO_INCREMENT is no counter")
  func counterInWords() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE t (
        id INT NOT NULL, note INT COMMENT 'as AUTO_INCREMENT', n INT NOT NULL AUTO_INCREMENT,
        PRIMARY KEY (id), KEY idx_n (n)
      );
      INSERT INTO t (id) VALUES (1);
      """)
  }

  @Test("tables of other engines beside views")
  func otherEngines() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE old (id INT NOT NULL PRIMARY KEY, v INT, KEY idx_v (v)) ENGINE = MyISAM;
      INSERT INTO old VALUES (1, 2);
      CREATE TABLE crash_safe (id INT NOT NULL PRIMARY KEY, v INT, KEY idx_v (v)) ENGINE = Aria;
      INSERT INTO crash_safe VALUES (1, 2);
      CREATE TABLE short_lived (id INT NOT NULL PRIMARY KEY) ENGINE = MEMORY;
      CREATE VIEW both_tables AS SELECT o.id, c.v FROM old AS o INNER JOIN crash_safe AS c ON c.id = o.id;
      """)
  }

  @Test("foreign keys of every shape")
  func foreignKeys() async throws {
    try await BackupSample.withSchema { other in
      try await other.execute("CREATE TABLE outside (id INT NOT NULL PRIMARY KEY)")
      try await other.execute("INSERT INTO outside VALUES (1)")
      try await Self.roundTrip(
        """
        CREATE TABLE a (id INT NOT NULL PRIMARY KEY, up INT, b_id INT,
          FOREIGN KEY (up) REFERENCES a (id) ON DELETE CASCADE);
        CREATE TABLE b (id INT NOT NULL PRIMARY KEY, a_id INT NOT NULL,
          FOREIGN KEY (a_id) REFERENCES a (id) ON UPDATE CASCADE ON DELETE RESTRICT);
        CREATE TABLE pairs (x INT NOT NULL, y INT NOT NULL, PRIMARY KEY (x, y));
        CREATE TABLE a_child (x INT, y INT, o INT, KEY idx_xy (x, y),
          CONSTRAINT fk_pair FOREIGN KEY (x, y) REFERENCES pairs (x, y) ON DELETE SET NULL,
          CONSTRAINT fk_outside FOREIGN KEY (o) REFERENCES `\(other.options.database ?? "")`.outside (id));
        INSERT INTO a VALUES (1, NULL, NULL), (2, 1, NULL);
        INSERT INTO b VALUES (1, 2);
        UPDATE a SET b_id = 1 WHERE id = 1;
        ALTER TABLE a ADD CONSTRAINT fk_circle FOREIGN KEY (b_id) REFERENCES b (id);
        INSERT INTO pairs VALUES (1, 2);
        INSERT INTO a_child VALUES (1, 2, 1), (NULL, 5, NULL);
        """, trust: .source
      ) { _ in
      } check: { connection in
        for (statement, number) in [
          ("INSERT INTO b VALUES (9, 99)", UInt32(1452)),
          ("INSERT INTO a_child VALUES (NULL, NULL, 7)", 1452),
          ("DELETE FROM a WHERE id = 2", 1451),
        ] {
          let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute(statement)
          }
          #expect(error?.errno == number)
        }
        try await connection.execute("DELETE FROM pairs")
        #expect(
          try await connection.query("SELECT COUNT(x) AS n FROM a_child").rows.first?.integer("n")
            == 0)
      }
    }
  }

  @Test("versioned tables with their history")
  func history() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE parents (id INT NOT NULL PRIMARY KEY);
      INSERT INTO parents VALUES (1), (2);
      CREATE TABLE versions (
        id INT NOT NULL AUTO_INCREMENT, word VARCHAR(20) NOT NULL, parent INT,
        twice INT AS (id * 2) VIRTUAL,
        PRIMARY KEY (id), UNIQUE KEY uq_word (word), KEY idx_parent (parent),
        CONSTRAINT fk_parent FOREIGN KEY (parent) REFERENCES parents (id)
      ) WITH SYSTEM VERSIONING;
      CREATE TABLE named_periods (
        id INT NOT NULL PRIMARY KEY, v INT, KEY idx_v (v),
        valid_from TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
        valid_to TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
        PERIOD FOR SYSTEM_TIME (valid_from, valid_to)
      ) WITH SYSTEM VERSIONING;
      SET @@timestamp = 1600000000;
      INSERT INTO versions (word, parent) VALUES ('one', 1), ('two', NULL), ('it''s', 2);
      INSERT INTO named_periods (id, v) VALUES (1, 1), (2, 2);
      SET @@timestamp = 1600000001.5;
      UPDATE versions SET word = CONCAT(word, '🍎'), parent = NULL;
      UPDATE named_periods SET v = v + 1;
      SET @@timestamp = 1600000002;
      DELETE FROM versions WHERE id = 2;
      DELETE FROM named_periods;
      SET @@timestamp = DEFAULT;
      """
    ) { _ in
    } check: { connection in
      let then = try await connection.query(
        """
        SELECT word FROM versions FOR SYSTEM_TIME AS OF TIMESTAMP '2020-09-13 12:26:40.5'
        ORDER BY id
        """
      ).rows.map { $0["word"] }
      #expect(then == ["one", "two", "it's"])
    }
  }

  @Test("views that read each other in any order, and other schemas")
  func views() async throws {
    try await BackupSample.withSchema { other in
      try await other.execute("CREATE TABLE rates (rate INT NOT NULL)")
      let outside = other.options.database ?? ""
      try await Self.roundTrip(
        """
        CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(20));
        INSERT INTO t VALUES (1, 'a');
        CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW d AS SELECT id, word FROM t WHERE id > 0
          WITH CASCADED CHECK OPTION;
        CREATE VIEW c AS SELECT id FROM d;
        CREATE ALGORITHM = TEMPTABLE VIEW b AS SELECT MAX(id) AS most FROM c;
        CREATE VIEW a AS SELECT b.most, c.id FROM b INNER JOIN c ON c.id = b.most;
        CREATE VIEW mixed AS SELECT t.id, r.rate FROM t CROSS JOIN `\(outside)`.rates AS r;
        CREATE VIEW recursive_view AS
          WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3)
          SELECT n.i, t.id FROM n INNER JOIN t ON t.id = n.i;
        """, trust: .source
      ) { _ in
      } check: { connection in
        let name = connection.options.database ?? ""
        #expect(try await connection.query("SELECT most FROM a").rows.count == 1)
        let text =
          try await connection.query("SHOW CREATE VIEW mixed").rows.first?.text(at: 1) ?? ""
        #expect(text.contains("`\(name)`.`t`"))
      }
    }
  }
}

@Suite("What a restore replaces", .timeLimit(.minutes(5)))
struct ReplacementTests {
  private static let shop = """
    CREATE TABLE customers (
      customer_id INT NOT NULL AUTO_INCREMENT, name VARCHAR(40) NOT NULL, best_order INT,
      PRIMARY KEY (customer_id), UNIQUE KEY uq_customers_name (name)
    );
    CREATE TABLE orders (
      order_id INT NOT NULL PRIMARY KEY, customer_id INT NOT NULL, amount DECIMAL(10,2) NOT NULL,
      KEY idx_orders_customer (customer_id),
      CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
      CONSTRAINT ck_orders_amount CHECK (amount > 0)
    );
    ALTER TABLE customers
      ADD CONSTRAINT fk_customers_order FOREIGN KEY (best_order) REFERENCES orders (order_id);
    CREATE TABLE parts (part INT NOT NULL PRIMARY KEY, parent INT, FOREIGN KEY (parent)
      REFERENCES parts (part));
    CREATE TABLE log (log_id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40) NOT NULL);
    CREATE SEQUENCE receipts NOCACHE;
    CREATE FUNCTION with_tax (in_amount DECIMAL(10,2)) RETURNS DECIMAL(10,2) DETERMINISTIC
      RETURN in_amount * 1.2;
    CREATE PROCEDURE note (in_what VARCHAR(40)) MODIFIES SQL DATA INSERT INTO log (what)
      VALUES (in_what);
    CREATE TRIGGER orders_after_insert_log AFTER INSERT ON orders FOR EACH ROW
      CALL note(CONCAT('order ', NEW.order_id));
    CREATE TRIGGER orders_after_insert_tax AFTER INSERT ON orders FOR EACH ROW
      CALL note(CONCAT('tax ', with_tax(NEW.amount)));
    CREATE EVENT clear_log ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DELETE FROM log;
    CREATE VIEW totals AS SELECT customer_id, SUM(amount) AS total FROM orders GROUP BY customer_id;
    CREATE VIEW a_best AS SELECT customer_id FROM totals WHERE total > 10;
    INSERT INTO customers VALUES (1, 'Ann', NULL), (2, 'Bea', NULL);
    INSERT INTO orders VALUES (1, 1, 10), (2, 2, 20);
    UPDATE customers SET best_order = customer_id;
    INSERT INTO parts VALUES (1, NULL), (2, 1);
    SELECT NEXTVAL(receipts);

    """

  /// Makes two equal schemas, backs one up, changes it, restores over it, and compares.
  private static func replace(
    changes: String, script: String = shop,
    check: (Connection) async throws -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await BackupSample.withSchema { twin in
      try await twin.runScript(script)
      try await BackupSample.withSchema { connection in
        try await connection.runScript(script)
        let sample = try await BackupSample.make(connection)
        try await connection.runScript(changes)
        let schema = connection.options.database ?? ""
        try await sample.restore(into: schema, replaces: true)
        let differences = try await SchemaComparison(
          wanted: twin.options.database ?? "", found: schema
        ).differences()
        #expect(differences == [], sourceLocation: sourceLocation)
        #expect(
          try await stagingNames(on: connection) == [], sourceLocation: sourceLocation)
        try await check(connection)
      }
    }
  }

  /// Names that only a restore gives, wherever the server knows them.
  private static func stagingNames(on connection: Connection) async throws -> [String?] {
    try await connection.query(
      """
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()
      UNION ALL
      SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()
      UNION ALL
      SELECT constraint_name FROM information_schema.table_constraints
      WHERE constraint_schema = DATABASE()
      UNION ALL
      SELECT id FROM information_schema.innodb_sys_foreign WHERE id LIKE CONCAT(DATABASE(), '/%')
      UNION ALL
      SELECT ref_name FROM information_schema.innodb_sys_foreign
      WHERE id LIKE CONCAT(DATABASE(), '/%')
      """
    ).rows.map { $0["name"] }.filter { $0?.contains("_payops_") == true }
  }

  private static func errno(
    _ statement: String, _ connection: Connection
  ) async -> UInt32? {
    do {
      try await connection.execute(statement)
      return nil
    } catch {
      return error.errno
    }
  }

  @Test("a schema that is as it was")
  func unchanged() async throws {
    try await Self.replace(changes: "SELECT 1")
  }

  @Test("a schema of which everything was changed")
  func everything() async throws {
    try await Self.replace(
      changes: """
        DELETE FROM log;
        UPDATE customers SET best_order = NULL, name = UPPER(CONCAT(name, customer_id));
        DELETE FROM orders WHERE order_id = 1;
        INSERT INTO orders VALUES (7, 2, 99);
        ALTER TABLE customers ADD COLUMN note TEXT, DROP INDEX uq_customers_name,
          DROP FOREIGN KEY fk_customers_order;
        ALTER TABLE orders DROP CONSTRAINT ck_orders_amount, ADD KEY idx_new (amount),
          DROP FOREIGN KEY fk_orders_customer, RENAME INDEX idx_orders_customer TO idx_other;
        DROP TABLE parts;
        CREATE TABLE added (id INT NOT NULL PRIMARY KEY, customer_id INT,
          CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id));
        CREATE TRIGGER orders_after_insert_new AFTER INSERT ON orders FOR EACH ROW SET @new = 1;
        DROP TRIGGER orders_after_insert_log;
        CREATE TRIGGER orders_after_insert_log BEFORE DELETE ON customers FOR EACH ROW SET @new = 2;
        CREATE TRIGGER added_trigger BEFORE INSERT ON added FOR EACH ROW SET @new = 3;
        CREATE OR REPLACE VIEW totals AS SELECT name FROM customers;
        CREATE VIEW added_view AS SELECT id FROM added;
        DROP VIEW a_best;
        CREATE OR REPLACE FUNCTION with_tax (in_amount INT) RETURNS INT DETERMINISTIC RETURN 0;
        DROP PROCEDURE note;
        CREATE PROCEDURE added_procedure () SELECT 1;
        CREATE FUNCTION added_function () RETURNS INT DETERMINISTIC RETURN 1;
        ALTER EVENT clear_log ON SCHEDULE EVERY 2 YEAR DISABLE;
        CREATE EVENT added_event ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT 1;
        SELECT NEXTVAL(receipts);
        ALTER SEQUENCE receipts INCREMENT BY 7;
        CREATE SEQUENCE added_sequence;
        """
    ) { connection in
      try await connection.execute("INSERT INTO orders VALUES (9, 1, 100)")
      let log = try await connection.query("SELECT what FROM log ORDER BY log_id").rows
      #expect(log.suffix(2).map { $0["what"] } == ["order 9", "tax 120.00"])
      #expect(await Self.errno("INSERT INTO orders VALUES (10, 77, 1)", connection) == 1452)
      #expect(await Self.errno("DELETE FROM customers WHERE customer_id = 2", connection) == 1451)
      #expect(await Self.errno("INSERT INTO orders VALUES (11, 1, -1)", connection) == 4025)
      #expect(await Self.errno("INSERT INTO parts VALUES (5, 4)", connection) == 1452)
      #expect(await Self.errno("INSERT INTO customers (name) VALUES ('Ann')", connection) == 1062)
    }
  }

  @Test("a schema that became empty")
  func emptied() async throws {
    try await Self.replace(
      changes: """
        DROP VIEW a_best, totals;
        ALTER TABLE customers DROP FOREIGN KEY fk_customers_order;
        DROP TABLE orders, customers, parts, log;
        DROP SEQUENCE receipts;
        DROP FUNCTION with_tax;
        DROP PROCEDURE note;
        DROP EVENT clear_log;
        """)
  }

  @Test("a schema whose character set was changed")
  func characterSet() async throws {
    try await Self.replace(changes: "ALTER DATABASE CHARACTER SET latin1")
  }

  @Test(
    "objects of another kind that have the names of those in the backup",
    arguments: [
      "DROP VIEW a_best; CREATE TABLE a_best (id INT)",
      "DROP TABLE parts; CREATE VIEW parts AS SELECT 1 AS part",
      "DROP SEQUENCE receipts; CREATE TABLE receipts (id INT)",
      "DROP SEQUENCE receipts; CREATE VIEW receipts AS SELECT 1 AS id",
      "DROP TABLE parts; CREATE SEQUENCE parts",
      "DROP PROCEDURE note; CREATE FUNCTION note () RETURNS INT DETERMINISTIC RETURN 1",
    ])
  func otherKinds(changes: String) async throws {
    try await Self.replace(changes: changes)
  }

  @Test("a sequence that was lost, from which a column takes its default")
  func lostSequence() async throws {
    try await Self.replace(
      changes: "DROP TABLE numbered; DROP SEQUENCE numbers",
      script: """
        CREATE SEQUENCE numbers NOCACHE;
        CREATE TABLE numbered (id BIGINT NOT NULL DEFAULT NEXTVAL(numbers) PRIMARY KEY, v INT);
        INSERT INTO numbered (v) VALUES (1), (2);
        CREATE TABLE other (id INT);
        """)
  }

  @Test("what a killed restore left is removed, and nothing else")
  func leftovers() async throws {
    try await Self.replace(
      changes: """
        CREATE TABLE _payops_new_customers (id INT NOT NULL PRIMARY KEY);
        CREATE TABLE _payops_old_orders (id INT, CONSTRAINT _payops_key_fk_orders_customer
          FOREIGN KEY (id) REFERENCES _payops_new_customers (id));
        CREATE TRIGGER _payops_trigger_orders_after_insert_log BEFORE INSERT ON _payops_old_orders
          FOR EACH ROW SET @x = 1;
        """)
  }

  @Test("a table that the backup has and another schema refers to keeps its children")
  func outsideReferences() async throws {
    try await BackupSample.withSchema { outside in
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.shop)
        let schema = connection.options.database ?? ""
        let sample = try await BackupSample.make(connection)
        try await outside.runScript(
          """
          CREATE TABLE children (id INT NOT NULL PRIMARY KEY, part INT,
            CONSTRAINT fk_children FOREIGN KEY (part) REFERENCES `\(schema)`.parts (part));
          INSERT INTO children VALUES (1, 2);
          """)
        do {
          try await sample.restore(into: schema, replaces: true)
          let text = try await outside.query("SHOW CREATE TABLE children").rows.first?.text(at: 1)
          #expect(text?.contains("`\(schema)`.`parts`") == true, "\(text ?? "")")
        } catch let error as BackupError {
          // To refuse is as good, if nothing was changed.
          #expect(error.code == .unsafeTarget)
        }
        #expect(await Self.errno("INSERT INTO children VALUES (2, 1)", outside) == nil)
        #expect(await Self.errno("INSERT INTO children VALUES (3, 77)", outside) == 1452)
        try await outside.execute("DROP TABLE children")
      }
    }
  }

  @Test("some tables only")
  func someTables() async throws {
    try await BackupSample.withSchema { twin in
      try await twin.runScript(Self.shop)
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.shop)
        let schema = connection.options.database ?? ""
        let sample = try await BackupSample.make(connection)
        // A table that others refer to must come with them.
        let referred = await #expect(throws: BackupError.self) {
          try await sample.restore(into: schema, replaces: true, tables: ["customers"])
        }
        #expect(referred?.code == .unsafeTarget)
        #expect(referred?.message.contains("customers") == true)
        let unknown = await #expect(throws: BackupError.self) {
          try await sample.restore(into: schema, replaces: true, tables: ["log", "nothing"])
        }
        #expect(unknown?.code == .notFound)
        let occupied = await #expect(throws: BackupError.self) {
          try await sample.restore(into: schema, tables: ["parts"])
        }
        #expect(occupied?.code == .targetInUse)
        let twinName = twin.options.database ?? ""
        #expect(
          try await SchemaComparison(wanted: twinName, found: schema).differences() == [])
        try await connection.runScript(
          """
          UPDATE customers SET best_order = NULL;
          DELETE FROM orders;
          DROP TRIGGER orders_after_insert_tax;
          ALTER TABLE orders ADD COLUMN extra INT;
          UPDATE customers SET name = CONCAT(name, '!');
          INSERT INTO log (what) VALUES ('kept');
          CREATE OR REPLACE VIEW a_best AS SELECT 1 AS kept;
          DROP TABLE parts;
          """)
        // The one that is not there needs no permission.
        try await sample.restore(into: schema, tables: ["parts"])
        try await sample.restore(into: schema, replaces: true, tables: ["orders", "customers"])
        let differences = try await SchemaComparison(wanted: twinName, found: schema).differences()
        let isOutside = differences.filter { !$0.contains("`log`") && !$0.contains("`a_best`") }
        #expect(isOutside == [])
        let log = try await connection.query("SELECT what FROM log WHERE what = 'kept'").rows
        #expect(log.count == 1)
        #expect(try await connection.query("SELECT kept FROM a_best").rows.count == 1)
        #expect(try await Self.stagingNames(on: connection) == [])
        #expect(await Self.errno("INSERT INTO orders VALUES (10, 77, 1)", connection) == 1452)
        // A child alone refers to the parent that is there.
        try await sample.restore(into: schema, replaces: true, tables: ["parts", "log"])
        #expect(await Self.errno("INSERT INTO parts VALUES (5, 4)", connection) == 1452)
      }
    }
  }

  @Test("a schema that is not empty is refused and stays as it is")
  func occupied() async throws {
    try await BackupSample.withSchema { twin in
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.shop)
        let sample = try await BackupSample.make(connection)
        for object in [
          "CREATE TABLE t (id INT)", "CREATE VIEW v AS SELECT 1 AS id", "CREATE SEQUENCE s",
          "CREATE PROCEDURE p () SELECT 1",
          "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT 1",
        ] {
          try await twin.execute(object)
          let before = try await ObjectInventory.read(from: twin)
          let error = await #expect(throws: BackupError.self, "\(object)") {
            try await sample.restore(into: twin.options.database ?? "")
          }
          #expect(error?.code == .targetInUse)
          #expect(try await ObjectInventory.read(from: twin) == before)
        }
      }
    }
  }

  /// Damages that a server refuses; of the last two it can only know when the tables are in place.
  static let refusals: [(name: String, isLate: Bool, old: String, new: String)] = [
    ("a row without a value", false, "(2,'Bea',2)", "(2,'Bea')"),
    ("a key twice", false, "(2,'Bea',2)", "(1,'Bea',2)"),
    ("a row missing", false, "(1,NULL),\n(2,1)", "(1,NULL)"),
    ("a broken trigger", false, "CALL note(CONCAT('tax '", "CALLS note(CONCAT('tax '"),
    ("a broken view", true, "AS `total` from `orders`", "AS `total` from `nothing`"),
    ("a broken function", true, "RETURN in_amount * 1.2", "RETURNS in_amount * 1.2"),
  ]

  @Test(
    "a backup that cannot be restored leaves the schema as it was, or says what it has done",
    arguments: refusals.indices)
  func refused(number: Int) async throws {
    let refusal = Self.refusals[number]
    let changes = """
      CREATE OR REPLACE VIEW totals AS SELECT customer_id, 1 AS total FROM customers;
      CREATE OR REPLACE FUNCTION with_tax (in_amount INT) RETURNS INT DETERMINISTIC RETURN 0;
      DROP TRIGGER orders_after_insert_tax;
      """
    try await BackupSample.withSchema { twin in
      try await twin.runScript(Self.shop + changes)
      try await BackupSample.withSchema { connection in
        try await connection.runScript(Self.shop)
        let schema = connection.options.database ?? ""
        let broken = try await BackupSample.make(connection).withDump {
          try $0.exchange(refusal.old, for: refusal.new)
        }
        try await connection.runScript(changes)
        let error = await #expect(throws: BackupError.self, "\(refusal.name)") {
          try await broken.restore(into: schema, replaces: true)
        }
        let differences = try await SchemaComparison(
          wanted: twin.options.database ?? "", found: schema
        ).differences()
        let left = try await Self.stagingNames(on: connection)
        if refusal.isLate {
          #expect(error?.hint?.contains("--finish") == true, "\(refusal.name)")
          #expect(left == [RestoreMarker.switched], "\(refusal.name)")
        } else {
          #expect(left == [], "\(refusal.name)")
          #expect(differences == [], "\(refusal.name)")
        }
      }
    }
  }
}
