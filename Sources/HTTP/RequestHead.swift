/// The head of a request as it came, and the checks that it must pass before its body is read.
///
/// They are stricter than RFC 9112 where parsers are known to differ: a request that two programs
/// in a row could understand differently is refused.
package struct RequestHead: Sendable {
  /// The method.
  package let method: String
  /// The request target.
  package let target: String
  /// The protocol, such as `HTTP/1.1`.
  package let version: String
  /// The fields with every byte of their names and values.
  package let fields: [(name: [UInt8], value: [UInt8])]
  /// Bytes of the head as it came, with its line ends and the empty line.
  package let size: Int

  /// Describes a head.
  package init(
    method: String, target: String, version: String, fields: [(name: [UInt8], value: [UInt8])],
    size: Int
  ) {
    self.method = method
    self.target = target
    self.version = version
    self.fields = fields
    self.size = size
  }

  /// Bytes of the head when it is written as every known client does: one blank after each colon,
  /// CRLF after each line, no folded line.
  private var usualSize: Int {
    let line = method.utf8.count + target.utf8.count + version.utf8.count + 4
    return fields.reduce(line + 2) { $0 + $1.name.count + $1.value.count + 4 }
  }

  /// Checks the head.
  ///
  /// - Parameter limits: the limits of the server
  /// - Returns: the request without its body, and the length of the body, bytes
  /// - Throws: the refusal
  package func checked(_ limits: HTTPLimits) throws(HTTPRefusal) -> (HTTPRequest, bodyBytes: Int) {
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      throw HTTPRefusal(505, "the protocol is neither HTTP/1.1 nor HTTP/1.0")
    }
    guard Self.methods.contains(method) else {
      throw HTTPRefusal(405, "the method is not one of \(Self.methods.joined(separator: ", "))")
    }
    let headers = try checkedFields(limits)
    // The library ends a value at a NUL, joins folded lines and takes a bare LF for a line end; what
    // it left out shows in the size alone.
    guard size == usualSize else {
      throw HTTPRefusal(
        400, "the head is not written as `Name: value` lines that end with CRLF")
    }
    let hosts = headers.filter { $0.name == "host" }
    guard hosts.count <= 1, hosts.count == 1 || version == "HTTP/1.0" else {
      throw HTTPRefusal(400, "a request has exactly one Host field")
    }
    for name in ["content-length", "authorization", "cookie", "origin", "content-type"] {
      guard headers.count(where: { $0.name == name }) <= 1 else {
        throw HTTPRefusal(400, "the field \(name) occurs twice")
      }
    }
    guard !headers.contains(where: { $0.name == "transfer-encoding" }) else {
      throw HTTPRefusal(400, "Transfer-Encoding is not accepted: give a Content-Length")
    }
    var length = 0
    if let text = headers.first(where: { $0.name == "content-length" })?.value {
      guard text.utf8.count <= 15, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let value = Int(text)
      else { throw HTTPRefusal(400, "Content-Length is not a number of bytes") }
      length = value
    }
    guard length == 0 || method == "POST" else {
      throw HTTPRefusal(400, "a \(method) request has no body")
    }
    let (path, query) = try Self.parsed(target, limits)
    return (
      HTTPRequest(method: method, path: path, query: query, headers: headers), bodyBytes: length
    )
  }

  private static let methods = ["GET", "HEAD", "POST", "DELETE"]

  private func checkedFields(
    _ limits: HTTPLimits
  ) throws(HTTPRefusal) -> [(name: String, value: String)] {
    guard fields.count <= limits.headers else {
      throw HTTPRefusal(431, "the head has more than \(limits.headers) fields")
    }
    var headers: [(name: String, value: String)] = []
    headers.reserveCapacity(fields.count)
    for (name, value) in fields {
      guard !name.isEmpty, name.allSatisfy(Self.isTokenByte) else {
        throw HTTPRefusal(400, "the name of a field has a character that names cannot have")
      }
      guard name.count <= limits.headerNameBytes, value.count <= limits.headerValueBytes else {
        throw HTTPRefusal(431, "a field of the head is too long")
      }
      guard value.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }),
        let text = Self.text(value)
      else { throw HTTPRefusal(400, "the value of a field has a control character") }
      let lower = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      headers.append((name: String(decoding: lower, as: UTF8.self), value: text))
    }
    return headers
  }

  /// Parses a target of the form `/path?query`.
  private static func parsed(
    _ target: String, _ limits: HTTPLimits
  ) throws(HTTPRefusal) -> (path: String, query: [(name: String, value: String)]) {
    guard target.utf8.count <= limits.targetBytes else {
      throw HTTPRefusal(414, "the request target has more than \(limits.targetBytes) bytes")
    }
    guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 })
    else { throw HTTPRefusal(400, "the request target is not a path") }
    // By bytes throughout: they are ASCII, and characters take ten times as long to tell apart.
    let parts = target.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    let segments = parts[0].split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
    ).dropFirst()
    var path = ""
    for segment in segments {
      // A slash or a dot segment behind an escape would name another path than it seems to.
      guard let text = decoded(Substring(segment)), text != ".", text != "..",
        text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") })
      else { throw HTTPRefusal(400, "the path has an escape or a segment that is not accepted") }
      path += "/" + text
    }
    var query: [(name: String, value: String)] = []
    for pair in parts.dropFirst().flatMap({ $0.split(separator: UInt8(ascii: "&")) }) {
      let sides = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(Substring(sides[0]), plus: true),
        let value = sides.count > 1 ? decoded(Substring(sides[1]), plus: true) : "",
        (name + value).utf8.allSatisfy({ $0 != 0 })
      else { throw HTTPRefusal(400, "the query has an escape that is not accepted") }
      query.append((name: name, value: value))
    }
    return (path, query)
  }

  /// A text of bytes; nil when they are not UTF-8. Nearly all are ASCII, which is quickly seen.
  private static func text(_ bytes: [UInt8]) -> String? {
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Decodes percent escapes; nil for an invalid one, or bytes that are not UTF-8.
  private static func decoded(_ text: Substring, plus: Bool = false) -> String? {
    if !text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case 0x25:
        guard rest.count >= 2, let value = UInt8(hexadecimal: rest.prefix(2)) else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
      case 0x2B where plus: bytes.append(0x20)
      default: bytes.append(byte)
      }
    }
    return Self.text(bytes)
  }

  /// Characters of a token (RFC 9110, 5.6.2).
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

extension UInt8 {
  /// The value of two hexadecimal digits; nil for other bytes.
  fileprivate init?(hexadecimal digits: ArraySlice<UInt8>) {
    // The digits alone: UInt8(_:radix:) would take a sign as well.
    guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    self = value
  }
}
