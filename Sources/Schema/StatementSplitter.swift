/// Splits a file for the `mariadb` client into statements: what stands between delimiters, outside
/// of strings and comments. Understands the client command DELIMITER, which no server knows.
enum StatementSplitter {
  static func statements(of text: String) -> [String] {
    var delimiter = Array(";".utf8)
    var statements: [String] = []
    var current: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    var isAtLineStart = true

    func finish() {
      let statement = String(decoding: current, as: UTF8.self).trimmedOfWhitespace
      if hasCode(statement) { statements.append(statement) }
      current.removeAll(keepingCapacity: true)
    }

    while index < bytes.count {
      if isAtLineStart, !hasCode(String(decoding: current, as: UTF8.self)),
        let line = delimiterCommand(in: bytes, at: index)
      {
        delimiter = line.delimiter
        index = line.end
        continue
      }
      isAtLineStart = bytes[index] == UInt8(ascii: "\n")
      if let end = endOfQuotedOrComment(in: bytes, at: index) {
        current += bytes[index..<end]
        isAtLineStart = bytes[end - 1] == UInt8(ascii: "\n")
        index = end
      } else if bytes[index...].starts(with: delimiter) {
        finish()
        index += delimiter.count
      } else {
        current.append(bytes[index])
        index += 1
      }
    }
    finish()
    return statements
  }

  /// Whether there is anything but comments and blanks.
  private static func hasCode(_ statement: String) -> Bool {
    let bytes = Array(statement.utf8)
    var index = 0
    while index < bytes.count {
      if isBlank(bytes[index]) {
        index += 1
      } else if bytes[index] != UInt8(ascii: "'"), bytes[index] != UInt8(ascii: "\""),
        bytes[index] != UInt8(ascii: "`"), let end = endOfQuotedOrComment(in: bytes, at: index)
      {
        index = end
      } else {
        return true
      }
    }
    return false
  }

  private static func delimiterCommand(
    in bytes: [UInt8], at index: Int
  ) -> (delimiter: [UInt8], end: Int)? {
    let keyword = Array("DELIMITER ".utf8)
    guard bytes[index...].starts(with: keyword) else { return nil }
    let lineEnd = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let delimiter = bytes[(index + keyword.count)..<lineEnd].filter { !isBlank($0) }
    return delimiter.isEmpty ? nil : (delimiter, min(lineEnd + 1, bytes.count))
  }

  /// The index past a string, quoted name or comment that begins at `index`; nil when none does.
  private static func endOfQuotedOrComment(in bytes: [UInt8], at index: Int) -> Int? {
    switch bytes[index] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
      let quote = bytes[index]
      var position = index + 1
      while position < bytes.count {
        if bytes[position] == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") {
          position += 2
        } else if bytes[position] == quote {
          return position + 1
        } else {
          position += 1
        }
      }
      return bytes.count
    case UInt8(ascii: "-")
    where index + 2 < bytes.count && bytes[index + 1] == UInt8(ascii: "-")
      && isBlank(bytes[index + 2]):
      return bytes[index...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
    case UInt8(ascii: "/") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "*"):
      var position = index + 2
      while position + 1 < bytes.count {
        if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
          return position + 2
        }
        position += 1
      }
      return bytes.count
    default:
      return nil
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
      || byte == UInt8(ascii: "\r")
  }
}

extension String {
  fileprivate var trimmedOfWhitespace: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
