/// The statements of one file, respelled for MySQL.
///
/// Each rule is a difference of spelling, listed in docs/mysql.md; what a statement means is the
/// same on both servers. Rules of single words apply to texts as well, since routines build
/// statements out of texts.
struct MySQLText {
  /// A text and what stands in its place.
  private struct Word {
    let mariaDB: String
    let mySQL: String
  }

  private static let words = [
    // What rule_whatif finds must outlive its ROLLBACK.
    Word(
      mariaDB: "TABLE whatif_hits ENGINE = Aria TRANSACTIONAL = 0",
      mySQL: "TABLE whatif_hits ENGINE = MEMORY"),
    // Managed servers allow no MyISAM, and a MEMORY table is full at 16 MB. What InnoDB undoes at
    // ROLLBACK TO SAVEPOINT was written after it, by the piece that failed: no routine reads it.
    Word(mariaDB: "ENGINE = Aria TRANSACTIONAL = 0", mySQL: "ENGINE = InnoDB"),
    Word(mariaDB: "@@in_transaction", mySQL: "has_open_transaction()"),
    // With autocommit off, a read before it has opened a transaction; that of the caller was refused.
    Word(
      mariaDB: "SET TRANSACTION ISOLATION LEVEL",
      mySQL: "COMMIT; SET TRANSACTION ISOLATION LEVEL"),
    Word(mariaDB: "NEXTVAL(bulk_loads)", mySQL: "next_bulk_load()"),
    Word(
      mariaDB: "LASTVAL(bulk_loads)",
      mySQL: "(SELECT b.bulk_load FROM bulk_loads AS b WHERE b.connection_id = CONNECTION_ID())"),
    // Blanks at the end of a key count.
    Word(
      mariaDB: "CHARACTER SET ascii COLLATE ascii_nopad_bin",
      mySQL: "CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"),
    // A virtual column that overflows is clipped by MariaDB, and an error on MySQL.
    Word(
      mariaDB: "(TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000) VIRTUAL",
      mySQL: "(GREATEST(-2147483648, LEAST(2147483647,"
        + " TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000))) VIRTUAL"),
    // The middle of a bin is 0.95 in decimals, but a little less as a quotient of doubles.
    Word(mariaDB: "2 / (1.05 / 0.95 + 1)", mySQL: "0.95"),
    // Checks cannot be switched off.
    Word(mariaDB: "@@check_constraint_checks", mySQL: "TRUE"),
    Word(mariaDB: "@@max_recursive_iterations", mySQL: "@@cte_max_recursion_depth"),
  ]

  /// The width of a bin, which comments of columns also name, with other signs behind it.
  ///
  /// MySQL divides decimals with 4 more digits and no others: bins would begin elsewhere.
  private static let widths = [")", ",", " +"].map { next in
    Word(mariaDB: "1.05 / 0.95\(next)", mySQL: "1.05e0 / 0.95e0\(next)")
  }

  /// Name of the object, which prepared statements get.
  let name: String

  /// The statements that MySQL understands.
  ///
  /// - Parameter statements: those of the file
  /// - Returns: as many or more
  func respelled(_ statements: [String]) -> [String] {
    statements.flatMap { statement in
      var text = statement
      for word in Self.words + Self.widths { text = text.replacing(word.mariaDB, with: word.mySQL) }
      text = Self.withDefaultsInParentheses(text)
      text = MySQLBody(text, name: name).respelled()
      return Self.replacing(text)
    }
  }

  /// A column of TEXT has its default in parentheses.
  private static func withDefaultsInParentheses(_ text: String) -> String {
    text.replacing(#/(TEXT [^,\n]*?DEFAULT )('[^']*')/#) { "\($0.1)(\($0.2))" }
  }

  /// MySQL replaces views only: any other object is dropped and made anew.
  ///
  /// A trigger is replaced under a lock, so that no change escapes it.
  private static func replacing(_ text: String) -> [String] {
    let head = #/\bCREATE OR REPLACE ((?:DEFINER = \S+ )?(PROCEDURE|FUNCTION|EVENT|TRIGGER) (\w+))/#
    guard let match = text.firstMatch(of: head) else { return [text] }
    let (_, definition, kind, name) = match.output
    let drop = "DROP \(kind) IF EXISTS \(name)"
    let create =
      String(text[..<match.range.lowerBound]) + "CREATE \(definition)"
      + String(text[match.range.upperBound...])
    guard kind == "TRIGGER", let table = text.firstMatch(of: #/\n(?:BEFORE|AFTER) \w+ ON (\w+)/#)
    else { return [drop, create] }
    return ["LOCK TABLES \(table.1) WRITE", drop, create, "UNLOCK TABLES"]
  }
}
