/// Splits a file for the `mariadb` client into statements at the delimiters outside of strings and
/// comments. Understands the client command DELIMITER, which no server knows.
enum StatementSplitter {
  static func statements(of text: String) -> [String] {
    var delimiter = Array(";".utf8)
    var statements: [String] = []
    let bytes = Array(text.utf8)
    var begin = 0
    var index = 0
    var isAtLineStart = true
    // Whether there is anything but comments and blanks since the last delimiter.
    var hasCode = false

    func finish(at end: Int) {
      if hasCode {
        statements.append(String(decoding: bytes[begin..<end], as: UTF8.self).trimmedOfWhitespace)
      }
      hasCode = false
    }

    while index < bytes.count {
      let byte = bytes[index]
      if isAtLineStart, !hasCode, byte == UInt8(ascii: "D"),
        let line = delimiterCommand(in: bytes, at: index)
      {
        delimiter = line.delimiter
        index = line.end
        begin = index
        continue
      }
      isAtLineStart = byte == UInt8(ascii: "\n")
      if let end = endOfQuotedOrComment(in: bytes, at: index) {
        hasCode = hasCode || isQuote(byte)
        isAtLineStart = bytes[end - 1] == UInt8(ascii: "\n")
        index = end
      } else if byte == delimiter[0], bytes[index...].starts(with: delimiter) {
        finish(at: index)
        index += delimiter.count
        begin = index
      } else {
        hasCode = hasCode || !isBlank(byte)
        index += 1
      }
    }
    finish(at: bytes.count)
    return statements
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`")
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
    case let quote where isQuote(quote):
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
