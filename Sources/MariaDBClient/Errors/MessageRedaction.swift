/// Removes bound values from the messages of the server.
enum MessageRedaction {
  /// The message without the values that were bound to the statement.
  ///
  /// - Parameters:
  ///   - message: the server's text, which may repeat parts of the statement.
  ///   - errno: the server's error number.
  ///   - parameters: the bound values.
  static func redact(_ message: String, errno: UInt32, parameters: [SQLValue]) -> String {
    guard !parameters.isEmpty else { return message }
    switch errno {
    case 1064, 1149: return cut(message, from: " near '")
    case 1062, 1586: return cut(message, from: "entry '", upTo: "' for key")
    case 1264, 1265, 1292, 1366, 1411: return cut(message, from: "value: '", upTo: "' for ")
    default: break
    }
    var result = message
    for parameter in parameters {
      switch parameter {
      case .null: continue
      case .text(let text) where text.count >= 3: result = replace(text, with: "***", in: result)
      case .text(let text): result = replace("'\(text)'", with: "'***'", in: result)
      case .integer(let number): result = replace("'\(number)'", with: "'***'", in: result)
      case .double(let number): result = replace("'\(number)'", with: "'***'", in: result)
      case .bytes(let bytes):
        let text = String(decoding: bytes, as: UTF8.self)
        if text.count >= 3 { result = replace(text, with: "***", in: result) }
      }
    }
    return result
  }

  private static func cut(_ message: String, from start: String, upTo end: String? = nil)
    -> String
  {
    guard let opening = message.firstRange(of: start) else { return message }
    let head = message[..<opening.upperBound]
    guard let end, let closing = lastRange(of: end, in: message[opening.upperBound...]) else {
      return head + "***'"
    }
    return head + "***" + message[closing.lowerBound...]
  }

  private static func lastRange(of text: String, in message: Substring) -> Range<String.Index>? {
    message.ranges(of: text).last
  }

  private static func replace(_ text: String, with mark: String, in message: String) -> String {
    guard !text.isEmpty else { return message }
    return message.replacing(text, with: mark)
  }
}
