/// How a server reads the text of statements, which depends on `sql_mode` and character set.
package struct SQLSyntax: Sendable, Equatable {
  /// Whether texts in double quotes are names.
  package var hasANSIQuotes: Bool
  /// Whether a backslash escapes in texts.
  package var hasBackslashEscapes: Bool
  /// Whether bytes beyond ASCII belong to words, as in UTF-8.
  package var isUnicode: Bool
  /// Whether the server is MySQL, which runs other comments as code.
  package var isMySQL = false

  /// The syntax of a session; by default that of MariaDB's default mode.
  package init(
    hasANSIQuotes: Bool = false, hasBackslashEscapes: Bool = true, isUnicode: Bool = true
  ) {
    self.hasANSIQuotes = hasANSIQuotes
    self.hasBackslashEscapes = hasBackslashEscapes
    self.isUnicode = isUnicode
  }

  private static let modesWithANSIQuotes = [
    "ANSI_QUOTES", "ANSI", "ORACLE", "DB2", "MAXDB", "MSSQL", "POSTGRESQL",
  ]

  /// Applies a value of `sql_mode`, such as `STRICT_TRANS_TABLES,ANSI_QUOTES`.
  package mutating func set(sqlMode: String) {
    let modes = Set(sqlMode.uppercased().split(separator: ",").map(String.init))
    hasANSIQuotes = !modes.isDisjoint(with: Self.modesWithANSIQuotes)
    hasBackslashEscapes = !modes.contains("NO_BACKSLASH_ESCAPES")
  }

  /// Applies a value of `sql_mode` as the number in binary logs.
  package mutating func set(sqlModeBits bits: UInt64) {
    hasANSIQuotes = bits & 4 != 0
    hasBackslashEscapes = bits & (1 << 20) == 0
  }

  /// Whether a backslash escapes inside quotes of a kind.
  func escapes(in quote: UInt8) -> Bool {
    hasBackslashEscapes && !isName(quote)
  }

  /// Whether quotes of a kind enclose a name.
  func isName(_ quote: UInt8) -> Bool {
    quote == UInt8(ascii: "`") || (quote == UInt8(ascii: "\"") && hasANSIQuotes)
  }
}
