internal import Backup
internal import Foundation

/// Checks byte by byte that the rows of an INSERT statement are only values.
///
/// `INSERT INTO t (…) VALUES (…),(…)` with texts, numbers, hexadecimal numbers and NULL is what the
/// dump tool writes. Subqueries, functions and updates are refused.
enum InsertText {
  private static let front = Array("INSERT INTO ".utf8)
  private static let values = Array("VALUES".utf8)

  /// Whether a statement holds only rows.
  ///
  /// - Parameters:
  ///   - statement: the statement, without its delimiter.
  ///   - hasEscapes: whether a backslash escapes in texts.
  static func isPlain(_ statement: [UInt8], hasEscapes: Bool) -> Bool {
    statement.withUnsafeBufferPointer { bytes in
      var scan = Scan(bytes: bytes, hasEscapes: hasEscapes)
      return scan.isPlain()
    }
  }

  private struct Scan {
    let bytes: UnsafeBufferPointer<UInt8>
    let hasEscapes: Bool
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
      self.bytes = bytes
      self.hasEscapes = hasEscapes
    }

    mutating func isPlain() -> Bool {
      guard bytes.starts(with: front) else { return false }
      position = front.count
      guard name() else { return false }
      skipBlanks()
      if take(UInt8(ascii: "(")) {
        repeat {
          skipBlanks()
          guard name() || bareName() else { return false }
          skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: ")")) else { return false }
        skipBlanks()
      }
      guard word() == values[...] else { return false }
      repeat {
        skipBlanks()
        guard row() else { return false }
        skipBlanks()
      } while take(UInt8(ascii: ","))
      return position == bytes.count
    }

    private mutating func row() -> Bool {
      guard take(UInt8(ascii: "(")) else { return false }
      repeat {
        guard value() else { return false }
      } while take(UInt8(ascii: ","))
      return take(UInt8(ascii: ")"))
    }

    private mutating func value() -> Bool {
      guard position < bytes.count else { return false }
      switch bytes[position] {
      case UInt8(ascii: "'"): return text()
      case UInt8(ascii: "N"): return word() == Array("NULL".utf8)[...]
      case UInt8(ascii: "_"):
        // `_binary '…'`, and other character sets.
        guard !word().isEmpty else { return false }
        skipBlanks()
        return position < bytes.count && bytes[position] == UInt8(ascii: "'") && text()
      case UInt8(ascii: "-"):
        position += 1
        return number()
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
      default: return false
      }
    }

    /// Digits, hexadecimal digits and exponents; without spaces there is no operator.
    private mutating func number() -> Bool {
      guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return false }
      let isHexadecimal =
        bytes[position] == 0x30 && position + 1 < bytes.count && bytes[position + 1] == 0x78
      if isHexadecimal { position += 2 }
      var previous: UInt8 = 0
      while position < bytes.count {
        let byte = bytes[position]
        switch byte {
        case 0x30...0x39: break
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
          guard isHexadecimal || byte | 0x20 == UInt8(ascii: "e") else { return false }
        case UInt8(ascii: "."): if isHexadecimal { return false }
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
          guard !isHexadecimal, previous | 0x20 == UInt8(ascii: "e") else { return false }
        default: return true
        }
        previous = byte
        position += 1
      }
      return true
    }

    private mutating func text() -> Bool {
      position += 1
      while position < bytes.count {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\\"), hasEscapes {
          position += 2
        } else if byte == UInt8(ascii: "'") {
          position += 1
          guard position < bytes.count, bytes[position] == UInt8(ascii: "'") else { return true }
          position += 1
        } else {
          position += 1
        }
      }
      return false
    }

    private mutating func name() -> Bool {
      guard take(UInt8(ascii: "`")) else { return false }
      while position < bytes.count {
        if take(UInt8(ascii: "`")) {
          guard take(UInt8(ascii: "`")) else { return true }
        } else {
          position += 1
        }
      }
      return false
    }

    /// `row_start` and `row_end`, which are written without quotes.
    private mutating func bareName() -> Bool { !word().isEmpty }

    private mutating func word() -> ArraySlice<UInt8> {
      let start = position
      while position < bytes.count, isLetter(bytes[position]) { position += 1 }
      return Array(bytes[start..<position])[...]
    }

    private func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "_")
        || (0x30...0x39).contains(byte)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
      guard position < bytes.count, bytes[position] == byte else { return false }
      position += 1
      return true
    }

    private mutating func skipBlanks() {
      while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }
  }
}
