import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Backup round trip", .timeLimit(.minutes(10)))
struct RoundTripTests {
  /// Backs a schema up, verifies the backup, restores it under another name, and compares.
  static func roundTrip(
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

  static let everyType = """
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

  /// Texts with a special meaning for one of the programs involved.
  static let hardTexts = [
    "", " ", "  two  ", "NULL", "\\N", "\\", "\\\\", "'", "''", "\"", "`", "\0", "a\0b", "\r",
    "\n", "\r\n", "\t", "\u{8}", "\u{1a}", "%", "_", "\\'", "\\\"", "),(", "),\n(", ");\n", ";\n",
    "';\n", "\\n", "\\0", "\\Z", "0x41", "-- Dump completed", "\n-- Dump completed\n", "--", "#",
    "/*", "*/", "/*!50001", "DELIMITER ;;", "INSERT INTO `t` VALUES", "é", "ß", "🍎", "👩‍👩‍👧‍👦",
    "e\u{301}", "\u{feff}", "\u{2028}", "\u{fffd}", "\u{10ffff}", "\u{7f}", "UNHEX('41')",
    "STR_TO_DATE('x','y')", "'),('", "\\),\\(", "=1+1", "$(true)", "?",
  ]

  @Test("every type is restored with its extreme values")
  func extremes() async throws {
    try await Self.roundTrip(Self.everyType)
  }

  @Test("texts and bytes that look like something else are restored")
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

  @Test("dates that only loose SQL modes accept are restored")
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

  @Test(
    "rounded numbers that were accepted are verified as dumped, and named",
    arguments: [true, false])
  func acceptedFloats(readsChecksums: Bool) async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(
        """
        CREATE TABLE floats (id INT PRIMARY KEY, value FLOAT, note VARCHAR(20));
        INSERT INTO floats VALUES (1, 16777217, 'ü'), (2, 1.2345678, NULL), (3, 0.1, '');
        CREATE TABLE others (id INT PRIMARY KEY, value DECIMAL(10,4));
        INSERT INTO others VALUES (1, 1.2345);
        """)
      let sample = try await BackupSample.make(
        connection, readsChecksums: readsChecksums, acceptsRounding: true)
      let column = try #require(sample.manifest.lossyColumns?.first)
      #expect(column.isAccepted == true)
      #expect(column.sentence.contains("floats.value") && column.sentence.contains("accepted"))
      let outcome = try await sample.examine()
      #expect(outcome.state == .verified, "\(outcome.findings)")
      // Only the rounding is accepted: the same backup with another row is not good.
      var forged = sample.manifest
      let place = try #require(forged.tables.firstIndex { $0.name == "floats" })
      forged.tables[place].rowDigest = "3:0"
      let other = try await BackupVerification(
        folder: sample.folder, place: .server(connection.options)
      ).examine(forged)
      #expect(other.state == .failed)
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

  @Test("random rows are restored", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
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

  static func randomValue(of type: String, _ random: inout SeededRandom) -> SQLValue {
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

  @Test("an encrypted backup of several pieces is restored")
  func encrypted() async throws {
    try await Self.roundTrip(
      """
      CREATE TABLE noise (id INT PRIMARY KEY, bytes VARBINARY(64) NOT NULL, words TEXT NOT NULL);
      INSERT INTO noise SELECT seq, UNHEX(SHA2(seq, 512)), REPEAT(seq, 9) FROM seq_1_to_8000;
      """, key: try BackupSample.newKey())
  }

  // MARK: - Names and texts
}
