import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

extension Damage {
  static let objects = [
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

  static let definitions = [
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

  /// Damage to rows, which must be found whether or not the server computed checksums.
  static func rows(in source: TruthSource) -> [Damage] {
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

  static let otherRows = [
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

  // MARK: - Surroundings of the schema

  static let surroundings = [
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
  static func withRates(
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
