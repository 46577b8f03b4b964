internal import MariaDBClient

/// Words, numbers, literals and signs of a statement.
enum ShapeTokens {
  private static let pairs: Set<String> = ["<>", "!=", "<=", ">="]
  private static let integers: Set<String> = ["bigint", "int", "mediumint", "smallint", "tinyint"]
  private static let synonyms = ["ceil": "ceiling", "!=": "<>", "mod": "%"]
  private static let omitted: Set<String> = ["(", ")", "generated", "always", "convert"]

  /// Reads a statement: words in lower case, names without backticks, literals as they are; without
  /// comments and blanks.
  static func read(_ statement: String) -> [String] {
    let bytes = Array(statement.utf8)
    var tokens: [String] = []
    var signEnd: Int?
    SQLScanner.scan(bytes) { part, range in
      let text = String(decoding: bytes[range], as: UTF8.self)
      switch part {
      case .blank, .lineComment, .comment, .codeBegin, .codeEnd: break
      case .quoted(UInt8(ascii: "`")): tokens.append(text.dropFirst().dropLast().lowercased())
      case .quoted: tokens.append(text)
      case .mark:
        if signEnd == range.lowerBound, pairs.contains((tokens.last ?? "") + text) {
          tokens[tokens.count - 1] += text
        } else {
          tokens.append(text)
          signEnd = range.upperBound
        }
      default: tokens.append(text.lowercased())
      }
      return true
    }
    return tokens
  }

  /// The tokens of a column, key or constraint in one spelling, whether a file or the server wrote
  /// them.
  static func normalized(_ tokens: [String]) -> [String] {
    var result: [String] = []
    var index = 0
    func token(_ offset: Int) -> String {
      index + offset < tokens.count ? tokens[index + offset] : ""
    }
    while index < tokens.count {
      let current = tokens[index]
      if integers.contains(current), token(1) == "(", token(3) == ")" {
        result.append(current)
        index += 4
      } else if current == "character", token(1) == "set" {
        index += 3
      } else if current == "collate", token(1) == "utf8mb4_general_ci" {
        index += 2
      } else if current == "default", token(1) == "null" {
        index += 2
      } else if current == "default", let number = quotedNumber(token(1)) {
        // MySQL shows them so.
        result += [current, withoutZeros(number)]
        index += 2
      } else if current == "regexp_like", let comma = tokens[index...].firstIndex(of: ",") {
        // MySQL keeps x REGEXP y as REGEXP_LIKE(x, y).
        result += tokens[(index + 1)..<comma].filter { !omitted.contains($0) } + ["regexp"]
        index = comma + 1
      } else if current == "using" {
        index += 2
      } else if current == "cast", let place = tokens[index...].firstIndex(of: "as"),
        place + 1 < tokens.count, tokens[place + 1] == "date"
      {
        // DATE(x) is kept as CAST(x AS DATE).
        result.append("date")
        result += tokens[(index + 1)..<place].filter { !omitted.contains($0) }
        index = place + 2
      } else if current == "null", !["not", "is"].contains(result.last ?? "") {
        index += 1
      } else if omitted.contains(current) || current.hasPrefix("_utf8mb") || current == "_ascii" {
        index += 1
      } else {
        result.append(synonyms[current] ?? withoutZeros(current))
        index += 1
      }
    }
    return result
  }

  /// The number in quotes; nil for any other text.
  private static func quotedNumber(_ token: String) -> String? {
    guard token.hasPrefix("'"), token.utf8.count > 2 else { return nil }
    let text = token.dropFirst().dropLast()
    return text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } ? String(text) : nil
  }

  /// A number without zeros at the end of its decimals.
  private static func withoutZeros(_ token: String) -> String {
    guard let first = token.utf8.first, isDigit(first), token.contains(".") else { return token }
    var text = Substring(token)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return String(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
