/// The text of a statement, read just far enough to find placeholders and a label.
struct StatementText {
  let sql: [UInt8]
  /// Whether a backslash escapes inside of quotes (it does not under NO_BACKSLASH_ESCAPES).
  let hasBackslashEscapes: Bool

  init(_ sql: String, hasBackslashEscapes: Bool = true) {
    self.sql = Array(sql.utf8)
    self.hasBackslashEscapes = hasBackslashEscapes
  }

  /// Positions of the `?` outside of quotes and comments.
  var placeholders: [Int] {
    var found: [Int] = []
    var position = 0
    while position < sql.count {
      if let end = endOfQuote(at: position) ?? endOfComment(at: position) {
        position = end
      } else {
        if sql[position] == UInt8(ascii: "?") { found.append(position) }
        position += 1
      }
    }
    return found
  }

  /// Just past the quoted text that starts here, or nil when none does.
  private func endOfQuote(at start: Int) -> Int? {
    let quote = sql[start]
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`")
    else { return nil }
    let escapes = hasBackslashEscapes && quote != UInt8(ascii: "`")
    var position = start + 1
    while position < sql.count {
      if escapes, sql[position] == UInt8(ascii: "\\") {
        position += 2
      } else if sql[position] == quote {
        // A doubled quote goes on as a quote that starts right here.
        return position + 1
      } else {
        position += 1
      }
    }
    return sql.count
  }

  /// Just past the comment that starts here, or nil when none does; `/*!` and `/*M!` are code.
  private func endOfComment(at start: Int) -> Int? {
    switch sql[start] {
    case UInt8(ascii: "#"): return endOfLine(from: start)
    case UInt8(ascii: "-"):
      guard start + 1 < sql.count, sql[start + 1] == UInt8(ascii: "-") else { return nil }
      return start + 2 == sql.count || sql[start + 2] <= 0x20 ? endOfLine(from: start) : nil
    case UInt8(ascii: "/"):
      guard start + 1 < sql.count, sql[start + 1] == UInt8(ascii: "*") else { return nil }
      let next = start + 2 < sql.count ? sql[start + 2] : 0
      let afterNext = start + 3 < sql.count ? sql[start + 3] : 0
      let isCode =
        next == UInt8(ascii: "!") || (next == UInt8(ascii: "M") && afterNext == UInt8(ascii: "!"))
      if isCode { return start + 3 }
      var position = start + 2
      while position + 1 < sql.count {
        if sql[position] == UInt8(ascii: "*"), sql[position + 1] == UInt8(ascii: "/") {
          return position + 2
        }
        position += 1
      }
      return sql.count
    default: return nil
    }
  }

  private func endOfLine(from start: Int) -> Int {
    sql[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? sql.count
  }

  /// What the statement is in a few words and without values: `CALL refresh_rollups`,
  /// `INSERT INTO accounts`, `SELECT`.
  var label: String {
    let words = leadingWords(limit: 12)
    guard let first = words.first?.uppercased() else { return "statement" }
    let upper = words.map { $0.uppercased() }
    func name(after keywords: Set<String>, skipping: Set<String> = []) -> String? {
      guard var index = upper.firstIndex(where: { keywords.contains($0) }) else { return nil }
      let keyword = upper[index]
      index += 1
      while index < words.count, skipping.contains(upper[index]) { index += 1 }
      return index < words.count ? "\(keyword) \(words[index])" : keyword
    }
    switch first {
    case "CALL": return name(after: ["CALL"]) ?? first
    case "INSERT", "REPLACE": return name(after: ["INTO"]).map { "\(first) \($0)" } ?? first
    case "UPDATE": return name(after: ["UPDATE"], skipping: ["LOW_PRIORITY", "IGNORE"]) ?? first
    case "DELETE": return name(after: ["FROM"]).map { "\(first) \($0)" } ?? first
    case "LOAD": return "LOAD DATA"
    case "CREATE", "ALTER", "DROP":
      let kinds: Set<String> = [
        "TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "SCHEMA", "DATABASE",
        "INDEX", "SEQUENCE",
      ]
      return name(after: kinds, skipping: ["IF", "NOT", "EXISTS"]).map { "\(first) \($0)" }
        ?? first
    default: return first
    }
  }

  /// The first bare words, without comments; ends at a quoted text or a parenthesis.
  private func leadingWords(limit: Int) -> [String] {
    var words: [String] = []
    var position = 0
    while position < sql.count, words.count < limit {
      if let end = endOfComment(at: position) {
        position = end
        continue
      }
      let byte = sql[position]
      if byte == UInt8(ascii: "`"), let end = endOfQuote(at: position) {
        words.append(
          String(decoding: sql[(position + 1)..<max(position + 1, end - 1)], as: UTF8.self))
        position = end
      } else if Self.isWordByte(byte) {
        let end = sql[position...].firstIndex { !Self.isWordByte($0) } ?? sql.count
        words.append(String(decoding: sql[position..<end], as: UTF8.self))
        position = end
      } else if byte <= 0x20 {
        position += 1
      } else {
        break
      }
    }
    return words
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"),
      UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }
}
