import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup

@Suite("What a verification finds", .timeLimit(.minutes(10)))
struct VerificationTruthTests {
  @Test("an intact backup is verified", arguments: TruthSource.allCases)
  func intact(source: TruthSource) async throws {
    let outcome = try await source.sample().examine()
    #expect(outcome.findings == [])
    #expect(outcome.state == .verified)
    #expect(outcome.restoreSeconds ?? 0 > 0)
    #expect(outcome.serverVersion?.contains("MariaDB") == true)
    #expect(outcome.verifiedAt != nil)
  }

  @Test("an intact backup is verified on a private server, which is gone afterwards")
  func privateServer() async throws {
    let sample = try await TruthSource.encrypted.sample()
    let verified = try await BackupVerification(
      folder: sample.folder, key: sample.key, place: .privateServer
    ).run(sample.manifest)
    #expect(verified.verification.findings == [])
    #expect(verified.isVerified)
    #expect(try sample.folder.backup(sample.manifest.id) == verified)
    let names = try FileManager.default.contentsOfDirectory(atPath: sample.folder.path)
    #expect(names.sorted() == [".lock", sample.manifest.id].sorted())
  }

  @Test("a damage is found and named", arguments: Damage.all)
  func red(damage: Damage) async throws {
    try await damage.apply { sample in
      let outcome = try await sample.examine(trust: .source)
      #expect(outcome.state == .failed)
      let isNamed = outcome.findings.contains { finding in
        damage.checks.map(\.rawValue).contains(finding.check)
          && (damage.message.isEmpty || finding.message.contains(damage.message))
      }
      #expect(isNamed, "\(outcome.findings)")
    }
  }

  @Test("each check finds what no other does", arguments: VerificationCheck.allCases)
  func necessary(check: VerificationCheck) async throws {
    var others = Set(VerificationCheck.allCases)
    others.remove(check)
    var isNecessary = false
    for damage in Damage.all where damage.checks.contains(check) && !isNecessary {
      try await damage.apply { sample in
        isNecessary =
          try await sample.examine(checks: others, trust: .source).state == .verified
      }
    }
    #expect(isNecessary, "without \(check) every damage is still found")
  }

  @Test("an encrypted backup without a key is not judged")
  func keyNeeded() async throws {
    var sample = try await TruthSource.encrypted.sample()
    sample.key = nil
    let error = await #expect(throws: BackupError.self) { try await sample.examine() }
    #expect(error?.code == .keyNeeded)
  }

  @Test("a verification leaves no schema behind, whatever it finds")
  func noLeftovers() async throws {
    let server = try await TestServer.privateServer()
    let place = ScratchPlace.server(server.connectionOptions)
    let sample = try await TruthSource.plain.sample()
    let broken = try sample.withDump { try $0.exchange("(2,'Bea',NULL)", for: "(2,'Bea')") }
    let expected: [(BackupSample, BackupManifest.Verification.State)] = [
      (sample, .verified), (broken, .failed),
    ]
    for (sample, state) in expected {
      let outcome = try await BackupVerification(folder: sample.folder, place: place)
        .examine(sample.manifest)
      #expect(outcome.state == state)
    }
    let connection = try await Connection.open(server.connectionOptions)
    let left = try await connection.query(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'payops%'"
    ).rows.map { $0["name"] }
    #expect(left == [])
    await connection.close()
    try await server.remove()
  }
}

/// A schema that is backed up once for the whole table.
enum TruthSource: String, CaseIterable, Sendable {
  /// A table of each sort, with routines, views, an event and a catalogue of published views.
  case plain
  /// The same, whose rows the server did not sum up when they were backed up.
  case streamed
  /// The same, encrypted, with enough noise for several pieces.
  case encrypted
  /// A schema whose character set is not that under which its routines were written.
  case latin1

  private static let samples = Task {
    var samples: [TruthSource: BackupSample] = [:]
    for source in allCases {
      samples[source] = try await BackupSample.withSchema { connection in
        try await connection.runScript(source.script)
        return try await BackupSample.make(
          connection, key: source == .encrypted ? BackupSample.newKey() : nil,
          readsChecksums: source != .streamed)
      }
    }
    return samples
  }

  /// The backup.
  func sample() async throws -> BackupSample {
    try #require(try await Self.samples.value[self])
  }

  /// What the schema holds.
  var script: String {
    switch self {
    case .plain, .streamed: Self.shop
    case .encrypted:
      Self.shop + """
        CREATE TABLE noise (id INT PRIMARY KEY, bytes VARBINARY(64) NOT NULL);
        INSERT INTO noise SELECT seq, UNHEX(SHA2(seq, 512)) FROM seq_1_to_6000;
        """
    case .latin1:
      """
      CREATE FUNCTION shout (in_text VARCHAR(40)) RETURNS VARCHAR(40) DETERMINISTIC
        RETURN CONCAT(in_text, '!');
      ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci;
      CREATE TABLE words (word_id INT PRIMARY KEY, word VARCHAR(20) NOT NULL);
      INSERT INTO words VALUES (1, 'Straße');
      """
    }
  }

  private static let shop = """
    CREATE TABLE customers (
      customer_id INT NOT NULL AUTO_INCREMENT, name VARCHAR(40) NOT NULL, note TEXT,
      PRIMARY KEY (customer_id), UNIQUE KEY uq_customers_name (name)
    );
    INSERT INTO customers VALUES (1, 'Ann', 'likes 🍎'), (2, 'Bea', NULL), (3, 'Cem', 'a;b');
    CREATE SEQUENCE receipts START WITH 100 NOCACHE;
    SELECT NEXTVAL(receipts);
    CREATE TABLE orders (
      order_id BIGINT NOT NULL, customer_id INT NOT NULL, amount DECIMAL(10,2) NOT NULL,
      tax DECIMAL(10,2) AS (amount * 0.2) VIRTUAL, paid_day INT, refund_day INT,
      token VARBINARY(16),
      PRIMARY KEY (order_id), KEY idx_orders_customer (customer_id),
      CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id)
    );
    INSERT INTO orders (order_id, customer_id, amount, paid_day, refund_day, token)
      VALUES (1, 1, 10, 5, NULL, 0x00ff27), (2, 2, 20.5, NULL, NULL, NULL), (3, 2, 7, 6, 9, '');
    CREATE TABLE prices (
      price_id INT PRIMARY KEY, price DECIMAL(10,2) NOT NULL
    ) WITH SYSTEM VERSIONING;
    SET @@timestamp = 1600000000;
    INSERT INTO prices VALUES (1, 3), (2, 5);
    SET @@timestamp = 1600000100;
    UPDATE prices SET price = price + 1;
    CREATE TABLE limits (
      limit_id INT PRIMARY KEY, most INT NOT NULL, least INT AS (-most) VIRTUAL,
      KEY idx_limits_most (most)
    ) WITH SYSTEM VERSIONING;
    SET @@timestamp = 1600000200;
    INSERT INTO limits (limit_id, most) VALUES (1, 10), (2, 20);
    SET @@timestamp = 1600000300;
    UPDATE limits SET most = 11 WHERE limit_id = 1;
    SET @@timestamp = DEFAULT;
    CREATE TABLE log (log_id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40) NOT NULL);
    CREATE TABLE remarks (remark_id INT PRIMARY KEY, remark VARCHAR(40) NOT NULL);
    INSERT INTO remarks VALUES (1, '-- Dump completed');
    CREATE TABLE kpi_catalog (
      kpi VARCHAR(40) PRIMARY KEY, source_view VARCHAR(64) NOT NULL, default_filter VARCHAR(80)
    );
    INSERT INTO kpi_catalog VALUES ('price', 'price_changes', 'price > 0');
    CREATE FUNCTION with_tax (in_amount DECIMAL(10,2)) RETURNS DECIMAL(10,2) DETERMINISTIC
      RETURN in_amount * 1.2;
    CREATE PROCEDURE log_text (in_what VARCHAR(40)) MODIFIES SQL DATA
    BEGIN
      /* it's ;; kept */
      INSERT INTO log (what) VALUES (in_what);
    END;
    CREATE TRIGGER orders_after_insert_log AFTER INSERT ON orders FOR EACH ROW
      INSERT INTO log (what) VALUES (NEW.order_id);
    CREATE EVENT clear_log ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00'
      DO DELETE FROM log;
    CREATE VIEW customer_totals AS
      SELECT c.customer_id, c.name, SUM(with_tax(o.amount)) AS total
      FROM customers AS c INNER JOIN orders AS o ON o.customer_id = c.customer_id
      GROUP BY c.customer_id, c.name;
    CREATE VIEW best_customers AS SELECT name, total FROM customer_totals WHERE total > 12;
    CREATE VIEW price_changes AS
      SELECT price_id, price FROM prices FOR SYSTEM_TIME ALL;

    """
}

/// A backup that is not what its manifest says, and who must say so.
struct Damage: Sendable, CustomTestStringConvertible {
  /// What is wrong.
  let name: String
  /// The checks of which one must find it.
  let checks: Set<VerificationCheck>
  /// Part of what it must say.
  let message: String
  /// Makes the backup, and everything that it depends on, for as long as the body runs.
  let apply: @Sendable (_ body: (BackupSample) async throws -> Void) async throws -> Void

  var testDescription: String { name }

  init(
    _ name: String, _ checks: Set<VerificationCheck>, _ message: String,
    apply: @escaping @Sendable (_ body: (BackupSample) async throws -> Void) async throws -> Void
  ) {
    self.name = name
    self.checks = checks
    self.message = message
    self.apply = apply
  }

  /// A damage to one of the usual samples.
  private static func copy(
    _ name: String, _ checks: Set<VerificationCheck>, _ message: String,
    of source: TruthSource = .plain,
    make: @escaping @Sendable (BackupSample) throws -> BackupSample
  ) -> Damage {
    Damage(name, checks, message) { body in
      let copy = try make(try await source.sample())
      try await body(copy)
    }
  }

  /// A damage to the text of the dump.
  private static func text(
    _ name: String, _ check: VerificationCheck, _ message: String,
    in source: TruthSource = .plain, edit: @escaping @Sendable (inout String) throws -> Void
  ) -> Damage {
    copy(name, [check], message, of: source) { try $0.withDump(edit) }
  }

  /// One text for another in the dump.
  private static func text(
    _ name: String, _ check: VerificationCheck, _ message: String, _ old: String, _ new: String,
    in source: TruthSource = .plain
  ) -> Damage {
    text(name, check, message, in: source) { try $0.exchange(old, for: new) }
  }

  static let all =
    file + encryption + ends + objects + definitions + rows(in: .plain)
    + rows(in: .streamed) + otherRows + surroundings

  // MARK: - The file

  private static let file = [
    copy("an empty file", [.file, .restore], "is empty") {
      try $0.withFile(seals: false) { $0 = [] }
    },
    copy("an empty file that the manifest expects", [.file, .restore], "is empty") {
      try $0.withFile(seals: true) { $0 = [] }
    },
    copy("a file cut in the middle", [.file], "bytes, not ") {
      try $0.withFile(seals: false) { $0.removeLast($0.count / 2) }
    },
    copy("a cut file that the manifest expects", [.restore], "cut off inside a zstd frame") {
      try $0.withFile(seals: true) { $0.removeLast($0.count / 2) }
    },
    copy("one flipped byte", [.file, .restore], "") {
      try $0.withFile(seals: false) { $0[$0.count / 2] ^= 0x10 }
    },
    copy("one flipped byte that the manifest expects", [.restore], "corrupt") {
      try $0.withFile(seals: true) { $0[$0.count / 2] ^= 0x10 }
    },
    copy("a file packed anew", [.file], "bytes, not ") { sample in
      let bytes = try packed([try sample.dump], level: 9)
      return try sample.withFile(seals: false) { $0 = bytes }
    },
    copy("another file of the same length", [.file], "SHA-256") { sample in
      // The line end at the end of the dump is missing; a frame to be skipped fills up.
      let file = try packed([try sample.dump]) + skippable(40)
      var other = try packed([String(try sample.dump.dropLast())])
      other += skippable(file.count - other.count)
      let filled = other
      return try sample.withFile(seals: true) { $0 = file }.withFile(seals: false) { $0 = filled }
    },
    copy("two frames that changed places", [.file, .restore], "") { sample in
      let frames = try frames(of: sample)
      return try sample.withFile(seals: false) {
        $0 = frames[0] + frames[2] + frames[1] + frames[3]
      }
    },
    copy(
      "two frames that changed places and that the manifest expects", [.restore],
      "refused a statement"
    ) { sample in
      let frames = try frames(of: sample)
      return try sample.withFile(seals: true) { $0 = frames[0] + frames[2] + frames[1] + frames[3] }
    },
    copy("a last frame in front", [.restore], "no last line") { sample in
      let frames = try frames(of: sample)
      return try sample.withFile(seals: true) { $0 = frames[3] + frames[0] + frames[1] + frames[2] }
    },
    copy("the file of another backup", [.file], "") { sample in
      let other = try sample.withDump { try $0.exchange("'Cem'", for: "'Kim'") }
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: other.dataPath)))
      return try sample.withFile(seals: false) { $0 = bytes }
    },
    copy("the manifest of another backup", [.checksums], "table customers") { sample in
      // As after a copy of the folder in which one file kept its old state.
      let other = try sample.withDump { try $0.exchange("'Cem'", for: "'Kim'") }
      return try other.withManifest { $0["id"] = "shop-20260101T000000Z-7" }
    },
  ]

  /// Texts as zstd frames, one after the other.
  private static func packed(_ texts: [String], level: Int32 = 3) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for text in texts {
      let compression = try Compression(CompressionSettings(level: level, threads: 0))
      var text = text
      try text.withUTF8 { plain in
        try compression.update(UnsafeRawBufferPointer(plain)) { bytes.append(contentsOf: $0) }
      }
      try compression.finish { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// A frame that readers skip.
  private static func skippable(_ length: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x50, 0x2a, 0x4d, 0x18]
    withUnsafeBytes(of: UInt32(length - 8).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: [UInt8](repeating: 0, count: length - 8))
    return bytes
  }

  /// Four frames: the head, the definition of a table, its rows, the rest.
  private static func frames(of sample: BackupSample) throws -> [[UInt8]] {
    let dump = try sample.dump
    let definition = try #require(dump.range(of: "DROP TABLE IF EXISTS `customers`"))
    let rows = try #require(dump.range(of: "INSERT INTO `customers`"))
    let end = try #require(dump.range(of: "UNLOCK TABLES", range: rows.upperBound..<dump.endIndex))
    return try [
      dump[..<definition.lowerBound], dump[definition.lowerBound..<rows.lowerBound],
      dump[rows.lowerBound..<end.lowerBound], dump[end.lowerBound...],
    ].map { try packed([String($0)]) }
  }

  // MARK: - The encryption

  private static let encryption = [
    copy("another key of the same name", [.restore], "cannot be decrypted", of: .encrypted) {
      sample in
      let other = try BackupSample.newKey()
      var sample = sample
      sample.key = other
      return try sample.withManifest { fields in
        var data = try #require(fields["data"] as? [String: Any])
        data["key_id"] = other.id
        fields["data"] = data
      }
    },
    copy("one flipped byte, encrypted", [.restore], "cannot be decrypted", of: .encrypted) {
      try $0.withFile(seals: true) { $0[$0.count / 2] ^= 1 }
    },
    copy("two pieces that changed places", [.restore], "cannot be decrypted", of: .encrypted) {
      try $0.withFile(seals: true) { bytes in
        let (first, second) = (piece(0), piece(1))
        try #require(bytes.count > second.upperBound)
        let pieces = (Array(bytes[first]), Array(bytes[second]))
        bytes.replaceSubrange(first, with: pieces.1)
        bytes.replaceSubrange(second, with: pieces.0)
      }
    },
    copy("a missing piece", [.restore], "cannot be decrypted", of: .encrypted) {
      try $0.withFile(seals: true) { $0.removeSubrange(piece(1)) }
    },
    copy("a missing last piece", [.restore], "its last piece is missing", of: .encrypted) {
      try $0.withFile(seals: true) { bytes in
        let whole = (bytes.count - piece(0).lowerBound) / piece(0).count
        bytes.removeSubrange(piece(whole - 1).upperBound...)
      }
    },
    copy("bytes after the last piece", [.restore], "", of: .encrypted) {
      try $0.withFile(seals: true) { $0 += [UInt8](repeating: 0, count: 100) }
    },
    copy(
      "the file of another backup of the same key", [.restore], "cannot be decrypted",
      of: .encrypted
    ) { sample in
      try sample.withManifest { $0["id"] = "shop-20260101T000000Z-7" }
    },
    copy("a file that is not encrypted", [.restore], "not an encrypted backup", of: .encrypted) {
      sample in
      let bytes = try packed([try sample.dump])
      return try sample.withFile(seals: true) { $0 = bytes }
    },
  ]

  /// Where a piece of an encrypted file is.
  private static func piece(_ number: Int) -> Range<Int> {
    let length = BackupCipher.pieceLength + BackupCipher.tagLength
    let start = BackupCipher.mark.count + BackupCipher.headerLength + number * length
    return start..<start + length
  }

  // MARK: - The end of the dump

  private static let ends = [
    text("a dump cut at the end of a statement", .restore, "no last line") { text in
      text.removeSubrange(try end(of: "INSERT INTO `customers`", in: text)...)
    },
    text("a dump cut inside an INSERT", .restore, "no last line") { text in
      text.removeSubrange(try #require(text.range(of: ",\n(2,'Bea'")).lowerBound...)
    },
    text("a dump without its last line", .restore, "no last line") { text in
      try text.exchange("\n-- Dump completed\n", for: "\n")
    },
    text("a cut inside an INSERT, with a last line", .restore, "inside a statement") { text in
      text.removeSubrange(try #require(text.range(of: ",\n(2,'Bea'")).lowerBound...)
      text += "\n-- Dump completed\n"
    },
    text("a cut at the end of a statement, with a last line", .objects, "table orders is missing") {
      text in
      text.removeSubrange(try end(of: "INSERT INTO `customers`", in: text)...)
      text += "\n-- Dump completed\n"
    },
    text("a cut after a row that looks like the last line", .objects, "view best_customers") {
      text in
      text.removeSubrange(try end(of: "INSERT INTO `remarks`", in: text)...)
      try #require(text.hasSuffix("'-- Dump completed');\n"))
    },
  ]

  /// Where the statement that begins with a text ends.
  private static func end(of front: String, in text: String) throws -> String.Index {
    let start = try #require(text.range(of: front))
    return try #require(text.range(of: ";\n", range: start.upperBound..<text.endIndex)).upperBound
  }

  // MARK: - Objects

  private static let objects = [
    text("a missing trigger", .objects, "trigger orders_after_insert_log is missing") {
      try $0.cutBlock(with: "TRIGGER orders_after_insert_log")
    },
    text("a missing function", .objects, "function shout is missing", in: .latin1) {
      try $0.cutBlock(with: "FUNCTION `shout`")
    },
    text("a missing procedure", .objects, "procedure log_text is missing") {
      try $0.cutBlock(with: "PROCEDURE `log_text`")
    },
    text("a missing event", .objects, "event clear_log is missing") {
      try $0.cutBlock(with: "EVENT `clear_log`")
    },
    text("a missing view", .objects, "view best_customers is missing") {
      try $0.cut(from: "/*!50001 VIEW `best_customers`", through: "*/;\n")
      try $0.cut(
        from: "/*!50001 CREATE ALGORITHM=UNDEFINED */\n", through: "SECURITY DEFINER */\n")
    },
    text("a missing view that another reads", .restore, "customer_totals") {
      let front = try #require($0.range(of: "-- Final view structure for view `customer_totals`"))
      let end = try #require(
        $0.range(of: "-- Final view structure", range: front.upperBound..<$0.endIndex))
      $0.removeSubrange(front.lowerBound..<end.lowerBound)
    },
    text("a missing table", .objects, "table log is missing") {
      try $0.cut(from: "CREATE TABLE `log` (", through: ";\n")
    },
    text("a missing table with rows", .restore, "limits") {
      try $0.cut(from: "CREATE TABLE `limits` (", through: ";\n")
    },
    text("a missing sequence", .objects, "sequence receipts is missing") {
      try $0.cut(from: "CREATE SEQUENCE `receipts`", through: ";\n")
      try $0.cut(from: "DO SETVAL(`receipts`", through: ";\n")
    },
    text("a table too many", .objects, "table extra was not backed up") {
      try $0.exchange(
        "DROP TABLE IF EXISTS `log`;",
        for: "CREATE TABLE `extra` (\n  `a` int(11)\n) ENGINE=InnoDB;\nDROP TABLE IF EXISTS `log`;")
    },
  ]

  // MARK: - Definitions

  private static let definitions = [
    text(
      "a changed view", .definitions, "view best_customers is defined differently",
      "`total` > 12", "`total` > 1"),
    text(
      "a changed function", .definitions, "function with_tax is defined differently",
      "in_amount * 1.2", "in_amount * 1.3"),
    text(
      "a changed comment in a routine", .definitions, "procedure log_text is defined differently",
      "it's ;; kept", "it's ;; lost"),
    text(
      "a changed trigger", .definitions,
      "trigger orders_after_insert_log is defined differently", "VALUES (NEW.order_id)",
      "VALUES (NEW.amount)"),
    text(
      "another SQL mode of a trigger", .definitions,
      "trigger orders_after_insert_log is defined differently"
    ) { text in
      let trigger = try #require(text.range(of: "TRIGGER orders_after_insert_log"))
      let mode = try #require(
        text.range(
          of: "STRICT_TRANS_TABLES,", options: .backwards,
          range: text.startIndex..<trigger.lowerBound))
      text.removeSubrange(mode)
    },
    text(
      "a changed event", .definitions, "event clear_log is defined differently", "EVERY 1 YEAR",
      "EVERY 2 YEAR"),
    text(
      "a changed sequence", .definitions, "sequence receipts is defined differently",
      "increment by 1", "increment by 2"),
    text(
      "a missing key", .definitions, "table limits is defined differently",
      ",\n  KEY `idx_limits_most` (`most`)", ""),
    text(
      "a missing unique key", .definitions, "table customers is defined differently",
      ",\n  UNIQUE KEY `uq_customers_name` (`name`)", ""),
    text("a missing foreign key", .definitions, "table orders is defined differently") {
      try $0.cut(
        from: ",\n  CONSTRAINT `fk_orders_customer`", through: "`customers` (`customer_id`)")
    },
    text(
      "a column that became wider", .definitions, "table log is defined differently",
      "`what` varchar(40)", "`what` varchar(41)"),
    text(
      "a default that was lost", .definitions, "table customers is defined differently",
      "`note` text DEFAULT NULL", "`note` text DEFAULT ''"),
    text("another character set of a table", .definitions, "table log is defined differently") {
      let start = try #require($0.range(of: "CREATE TABLE `log` ("))
      let name = try #require(
        $0.range(of: "utf8mb4 COLLATE=utf8mb4_general_ci", range: start.upperBound..<$0.endIndex))
      $0.replaceSubrange(name, with: "latin1")
    },
    text("a table without versions", .definitions, "table limits is defined differently") {
      let start = try #require($0.range(of: "CREATE TABLE `limits` ("))
      let words = try #require(
        $0.range(of: " WITH SYSTEM VERSIONING", range: start.upperBound..<$0.endIndex))
      $0.removeSubrange(words)
      let insert = try #require($0.range(of: "INSERT INTO `limits`"))
      let end = try end(of: "INSERT INTO `limits`", in: $0)
      $0.replaceSubrange(
        insert.lowerBound..<end,
        with: "INSERT INTO `limits` (`limit_id`, `most`) VALUES\n(1,11),\n(2,20);\n")
    },
  ]

  // MARK: - Rows

  /// Damages to rows, each of which must be found whether or not the server summed up the rows.
  private static func rows(in source: TruthSource) -> [Damage] {
    func damage(
      _ name: String, _ checks: Set<VerificationCheck>, _ message: String,
      edit: @escaping @Sendable (inout String) throws -> Void
    ) -> Damage {
      copy("\(name) (\(source))", checks, message, of: source) { try $0.withDump(edit) }
    }
    func damage(
      _ name: String, _ checks: Set<VerificationCheck>, _ message: String, _ old: String,
      _ new: String
    ) -> Damage {
      damage(name, checks, message) { try $0.exchange(old, for: new) }
    }
    return [
      damage(
        "one row changed", [.checksums], "table customers", "(3,'Cem','a;b')", "(3,'Cem','a;c')"),
      damage(
        "one row missing", [.rows], "table customers has 2 rows, backed up with 3",
        "\n(2,'Bea',NULL),", ""),
      damage(
        "all rows of a table missing", [.rows], "table kpi_catalog has 0 rows, backed up with 1"
      ) {
        try $0.cut(from: "INSERT INTO `kpi_catalog`", through: ";\n")
      },
      damage(
        "one row twice", [.rows], "table log", "DROP TABLE IF EXISTS `orders`;",
        "DROP TABLE IF EXISTS `orders`;\nINSERT INTO `log` VALUES\n(1,'1');\n"),
      damage(
        "text of four bytes that became a question mark", [.checksums], "table customers", "🍎", "?"),
      damage(
        "a NULL that became empty", [.checksums], "table customers", "(2,'Bea',NULL)",
        "(2,'Bea','')"),
      damage(
        "a value that moved to the next column", [.checksums], "table orders",
        "5,NULL,0x00FF27)", "NULL,5,0x00FF27)"),
      damage(
        "an empty value that became NULL beside a computed column", [.checksums], "table orders",
        "6,9,'')", "6,9,NULL)"),
      damage("one byte of a binary value", [.checksums], "table orders", "0x00FF27", "0x00FF26"),
      damage("history dropped", [.history], "table limits has 2 rows with its history") { text in
        try text.exchange(
          "(1,10,-10,'2020-09-13 12:30:00.000000','2020-09-13 12:31:40.000000'),\n", for: "")
      },
      damage("history dropped of a table without computed columns", [.checksums], "table prices") {
        try $0.exchange(
          "(1,3.00,'2020-09-13 12:26:40.000000','2020-09-13 12:28:20.000000'),\n", for: "")
      },
      damage("history that a published view shows", [.views], "view price_changes") {
        try $0.exchange("(1,3.00,", for: "(1,2.00,")
      },
      damage("history changed", [.history, .checksums], "table limits") {
        try $0.exchange("(1,10,-10,'2020-09-13", for: "(1,12,-12,'2020-09-13")
      },
      damage("history moved in time", [.history, .checksums], "table limits") {
        try $0.exchange("(1,10,-10,'2020-09-13 12:30:00", for: "(1,10,-10,'2020-09-13 12:30:01")
      },
    ]
  }

  private static let otherRows = [
    text(
      "a row too many that the checksum does not see", .rows,
      "table orders has 4 rows, backed up with 3"
    ) { text in
      // CRC32('239029031083|1|5.00|7') is 0.
      let start = try #require(text.range(of: "INSERT INTO `orders`"))
      let row = try #require(text.range(of: "\n(1,", range: start.upperBound..<text.endIndex))
      text.insert(contentsOf: "\n(239029031083,1,5.00,1.00,NULL,NULL,NULL),", at: row.lowerBound)
    },
    copy("another number of rows in the manifest", [.rows], "table log has") { sample in
      try sample.withManifest { fields in
        var tables = try #require(fields["tables"] as? [[String: Any]])
        let log = try #require(tables.firstIndex { $0["name"] as? String == "log" })
        tables[log]["rows"] = 17
        fields["tables"] = tables
      }
    },
    text(
      "text that was read as latin1", .checksums, "table words", "Straße", "StraÃŸe", in: .latin1),
    text("a sequence that was set back", .definitions, "sequence receipts") { text in
      try text.exchange("DO SETVAL(`receipts`, 101, 0)", for: "DO SETVAL(`receipts`, 100, 0)")
    },
  ]

  // MARK: - What lies around the schema

  private static let surroundings = [
    text("a change of a schema that is not named", .restore, "alters another schema") {
      try $0.exchange(
        "\n-- Dump completed\n",
        for: "\nALTER DATABASE CHARACTER SET latin1;\n-- Dump completed\n")
    },
    text("a character set that was not put back", .characterSet, "utf8mb4", in: .latin1) { text in
      let last = try #require(text.range(of: "ALTER DATABASE", options: .backwards))
      let end = try #require(text.range(of: ";\n", range: last.upperBound..<text.endIndex))
      text.removeSubrange(last.lowerBound..<end.upperBound)
    },
    copy("another character set in the manifest", [.definitions], "with_tax") {
      try $0.withManifest {
        $0["character_set"] = "latin1"
        $0["collation"] = "latin1_swedish_ci"
      }
    },
    Damage("a view that cannot be queried", [.queries], "view one_rate does not work") { body in
      try await withRates(published: nil, change: "INSERT INTO rates VALUES (2)", body)
    },
    Damage("a published view that gives other rows", [.views], "view one_rate gives other rows") {
      try await withRates(published: "one_rate", change: "UPDATE rates SET rate = 2", $0)
    },
    Damage("a published view that is broken", [.views], "cannot be queried") {
      try await withRates(published: "one_rate", change: "INSERT INTO rates VALUES (2)", $0)
    },
  ]

  /// A schema with a view of a table in another schema, which changes after the backup.
  private static func withRates(
    published: String?, change: String, _ body: (BackupSample) async throws -> Void
  ) async throws {
    try await BackupSample.withSchema { rates in
      try await rates.execute("CREATE TABLE rates (rate INT NOT NULL)")
      try await rates.execute("INSERT INTO rates VALUES (1)")
      let other = rates.options.database ?? ""
      let sample = try await BackupSample.withSchema { connection in
        try await connection.runScript(
          """
          CREATE VIEW one_rate AS SELECT (SELECT rate FROM `\(other)`.rates) AS rate;
          CREATE TABLE kpi_catalog (source_view VARCHAR(64), default_filter VARCHAR(80));
          """)
        if let published {
          try await connection.execute(
            "INSERT INTO kpi_catalog VALUES (?, NULL)", [.text(published)])
        }
        return try await BackupSample.make(connection)
      }
      #expect(try await sample.examine(trust: .source).state == .verified)
      try await rates.execute(change)
      try await body(sample)
    }
  }
}
