import MariaDBClient
import Testing

@testable import Backup
@testable import Restore

@Suite("Statements of a dump")
struct StatementSplitterTests {
  /// Splits a text that is read in pieces of a given length.
  private func split(_ text: String, piece: Int = .max) throws -> [String] {
    var splitter = StatementSplitter(.tool)
    var found: [String] = []
    let bytes = Array(text.utf8)
    var position = 0
    while position < bytes.count {
      let end = position + min(piece, bytes.count - position)
      bytes[position..<end].withUnsafeBytes { part in
        splitter.update(part) { found.append(String(decoding: $0, as: UTF8.self)) }
      }
      position = end
    }
    try splitter.finishDump { found.append(String(decoding: $0, as: UTF8.self)) }
    return found
  }

  private static let dump = """
    /*M!999999\\- enable the sandbox mode */\u{20}
    -- MariaDB dump; with a semicolon; and 'quotes
    --

    /*!40101 SET NAMES utf8mb4 */;
    DROP TABLE IF EXISTS `a;b`;
    CREATE TABLE `a;b` (
      `c` varchar(9) DEFAULT ';' COMMENT 'it''s; \\'here\\''
    ) ENGINE=InnoDB;
    INSERT INTO `a;b` VALUES
    ('x;\\n),('),
    ('it\\'s; -- no comment');
    DELIMITER ;;
    /*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON `a;b` FOR EACH ROW BEGIN
      -- don't stop; here;;
      SET @a = ';;'; # nor 'here;;
      /* nor ' here;; */
      SET @b = "it's;;";
    END */;;
    DELIMITER ;
    -- Dump completed
    """

  private static let statements = [
    "/*!40101 SET NAMES utf8mb4 */", "DROP TABLE IF EXISTS `a;b`",
    "CREATE TABLE `a;b` (\n  `c` varchar(9) DEFAULT ';' COMMENT 'it''s; \\'here\\''\n"
      + ") ENGINE=InnoDB",
    "INSERT INTO `a;b` VALUES\n('x;\\n),('),\n('it\\'s; -- no comment')",
    "/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON `a;b` FOR EACH ROW BEGIN\n"
      + "  -- don't stop; here;;\n  SET @a = ';;'; # nor 'here;;\n  /* nor ' here;; */\n"
      + "  SET @b = \"it's;;\";\nEND */",
  ]

  @Test("statements of a dump are found whatever the pieces in which they are read")
  func pieces() throws {
    for piece in [1, 2, 3, 5, 7, 16, 17, 64, 1000] {
      #expect(try split(Self.dump, piece: piece) == Self.statements, "pieces of \(piece)")
    }
  }

  @Test(
    "statements that are cut off are an error",
    arguments: [
      "INSERT INTO `t` VALUES\n(1,2),\n(3", "SET @a = 1", "CREATE TABLE `t` (`a` int",
      "SET @a = 'x;\n", "DELIMITER ;;\nSELECT 1;",
    ])
  func cut(text: String) {
    #expect(throws: BackupError.self) { try split(text) }
  }

  @Test(
    "statements of a dump are classified by their effect",
    arguments: [
      ("/*!40101 SET NAMES utf8mb4 */", .session),
      ("SET @saved = 1", .session),
      ("/*M!101100 SET @a=1 */", .session),
      ("LOCK TABLES `t` WRITE", .superfluous),
      ("/*!40000 ALTER TABLE `t` DISABLE KEYS */", .superfluous),
      ("/*!50001 CREATE VIEW `v` AS SELECT\n 1 AS `a` */", .superfluous),
      ("/*!50001 DROP VIEW IF EXISTS `v`*/", .superfluous),
      ("CREATE TABLE `a``b` (\n  `c` int\n)", .createTable("a`b")),
      ("INSERT INTO `a``b` VALUES (1)", .insert("a`b")),
      ("CREATE SEQUENCE `s` start with 1", .createSequence("s")),
      ("DO SETVAL(`s`, 1, 0)", .setSequence("s")),
      (
        "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`root`@`localhost` SQL SECURITY"
          + " DEFINER */\n/*!50001 VIEW `v` AS select 1 */", .view("v")
      ),
      (
        "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER tr\nAFTER INSERT ON `t`\n"
          + "FOR EACH ROW SET @a = 1 */", .trigger("tr", table: "t")
      ),
      (
        "CREATE DEFINER=`r` TRIGGER `tr` BEFORE UPDATE ON db . t FOR EACH ROW SET @a = 1",
        .trigger("tr", table: "t")
      ),
      ("CREATE DEFINER=`a`@`b` PROCEDURE `p`() SELECT 1", .routine("procedure", "p")),
      ("CREATE DEFINER=`a`@`b` FUNCTION f() RETURNS int RETURN 1", .routine("function", "f")),
      (
        "/*!50106 CREATE*/ /*!50117 DEFINER=`a`@`b`*/ /*!50106 EVENT `e` ON SCHEDULE EVERY 1 DAY"
          + " DO SELECT 1 */", .event("e")
      ),
      ("ALTER DATABASE `d` CHARACTER SET latin1 COLLATE latin1_swedish_ci ", .alterDatabase),
    ] as [(String, DumpStatement.Kind)])
  func kinds(text: String, kind: DumpStatement.Kind) {
    #expect(DumpStatement(Array(text.utf8)).kind == kind)
  }

  @Test("a table is created without its secondary keys, which are added later")
  func tableDefinition() throws {
    let text = """
      CREATE TABLE `t` (
        `id` int(11) NOT NULL AUTO_INCREMENT,
        `a` int(11) DEFAULT NULL COMMENT 'KEY `x`',
        PRIMARY KEY (`id`),
        UNIQUE KEY `u` (`a`),
        KEY `k` (`a`,`id`),
        CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE,
        CONSTRAINT `other` FOREIGN KEY (`a`) REFERENCES `d`.`p` (`id`),
        CONSTRAINT `ck` CHECK (`a` > 0)
      ) ENGINE=InnoDB AUTO_INCREMENT=3
      PARTITION BY HASH (`id`)
      """
    let table = TableDefinition(text, name: "t")
    #expect(table.keys == ["UNIQUE KEY `u` (`a`)", "KEY `k` (`a`,`id`)"])
    try #require(table.foreignKeys.map(\.name) == ["fk", "other"])
    #expect(
      table.foreignKeys[0].clause(named: "n", parent: "q")
        == "CONSTRAINT `n` FOREIGN KEY (`a`) REFERENCES `q` (`id`) ON DELETE CASCADE")
    #expect(
      table.foreignKeys[1].clause(named: "n", parent: nil)
        == "CONSTRAINT `n` FOREIGN KEY (`a`) REFERENCES `d`.`p` (`id`)")
    #expect(
      table.create(as: "x") == """
        CREATE TABLE `x` (
          `id` int(11) NOT NULL AUTO_INCREMENT,
          `a` int(11) DEFAULT NULL COMMENT 'KEY `x`',
          PRIMARY KEY (`id`),
          CONSTRAINT `ck` CHECK (`a` > 0)
        ) ENGINE=InnoDB AUTO_INCREMENT=3
        PARTITION BY HASH (`id`)
        """)
  }

  @Test(
    "a table keeps the keys that its rows need",
    arguments: [
      // The counter needs a key; without a primary key a unique one orders the rows.
      (
        "  `id` int NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`a`),\n  KEY `k` (`id`),\n  KEY `m` (`a`)",
        "InnoDB", ["KEY `m` (`a`)"]
      ),
      (
        "  `id` int NOT NULL,\n  UNIQUE KEY `u` (`id`),\n  KEY `m` (`a`)", "InnoDB",
        ["KEY `m` (`a`)"]
      ),
      ("  `id` int NOT NULL,\n  PRIMARY KEY (`id`),\n  KEY `m` (`a`)", "Aria", []),
      // Keys keep their order.
      (
        "  `id` int NOT NULL,\n  PRIMARY KEY (`id`),\n  KEY `m` (`a`),\n  FULLTEXT KEY `f` (`b`),\n"
          + "  KEY `n` (`c`)", "InnoDB", ["KEY `n` (`c`)"]
      ),
    ] as [(String, String, [String])])
  func keptKeys(body: String, engine: String, keys: [String]) {
    let text = "CREATE TABLE `t` (\n\(body)\n) ENGINE=\(engine)"
    #expect(TableDefinition(text, name: "t").keys == keys)
  }
}
