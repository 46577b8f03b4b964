/// Words, numbers, literals and signs of a statement.
enum SQLTokens {
  private static let integers: Set<String> = ["bigint", "int", "mediumint", "smallint", "tinyint"]
  private static let synonyms = ["ceil": "ceiling", "!=": "<>", "mod": "%"]
  private static let omitted: Set<String> = ["(", ")", "generated", "always", "convert"]

  /// Reads a statement: words in lower case, names without backticks, literals as they are; without
  /// comments and blanks.
  static func read(_ statement: String) -> [String] {
    let bytes = Array(statement.utf8)
    var tokens: [String] = []
    var index = 0
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      var end = index + 1
      switch byte {
      case 0x20, 0x09, 0x0a, 0x0d: break
      case UInt8(ascii: "-") where next == byte:
        while end < bytes.count, bytes[end] != 0x0a { end += 1 }
      case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
        end += 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "/") || bytes[end - 1] != 0x2a {
          end += 1
        }
        end += 1
      case UInt8(ascii: "'"), UInt8(ascii: "`"):
        while end < bytes.count {
          if bytes[end] == UInt8(ascii: "\\"), byte == UInt8(ascii: "'") {
            end += 2
          } else if bytes[end] != byte {
            end += 1
          } else if end + 1 < bytes.count, bytes[end + 1] == byte {
            end += 2
          } else {
            break
          }
        }
        end = min(end + 1, bytes.count)
        let literal = text(index..<end)
        tokens.append(
          byte == UInt8(ascii: "'") ? literal : String(literal.dropFirst().dropLast()).lowercased())
      case _ where isWord(byte):
        let isNumber = isDigit(byte)
        while end < bytes.count, isWord(bytes[end]) || (isNumber && bytes[end] == 0x2e) { end += 1 }
        tokens.append(text(index..<end).lowercased())
      default:
        let pair = text(index..<min(index + 2, bytes.count))
        if ["<>", "!=", "<=", ">="].contains(pair) { end += 1 }
        tokens.append(text(index..<end))
      }
      index = min(end, bytes.count)
    }
    return tokens
  }

  /// The tokens of a column, key or constraint in one spelling, whoever wrote them.
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

  /// A number without zeros at the end of its decimals.
  private static func withoutZeros(_ token: String) -> String {
    guard let first = token.utf8.first, isDigit(first), token.contains(".") else { return token }
    var text = Substring(token)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return String(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
  }
}
