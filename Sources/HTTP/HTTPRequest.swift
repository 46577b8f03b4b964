/// A request whose head was checked and whose body is complete.
package struct HTTPRequest: Sendable, Equatable {
  /// The method, upper case.
  package let method: String
  /// The path, percent-decoded by segment; it begins with a slash.
  package let path: String
  /// The names and values of the query, decoded, in their order.
  package let query: [(name: String, value: String)]
  /// The fields of the head: names in lower case, in their order.
  package let headers: [(name: String, value: String)]
  /// The body.
  package let body: [UInt8]

  /// Makes a request.
  package init(
    method: String, path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The value of a field of the head; nil when it is absent.
  ///
  /// - Parameter name: the name in lower case
  package func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }

  /// The value of a name of the query; nil when it is absent.
  package func parameter(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }

  /// The value of a cookie; nil when it is absent (RFC 6265, 4.2).
  package func cookie(_ name: String) -> String? {
    for pair in (header("cookie") ?? "").split(separator: ";") {
      let text = pair.drop { $0 == " " }
      if text.hasPrefix(name + "=") { return String(text.dropFirst(name.count + 1)) }
    }
    return nil
  }

  /// Whether the client takes gzip (RFC 9110, 12.5.3).
  package var takesGzip: Bool {
    (header("accept-encoding") ?? "").split(separator: ",").contains { coding in
      let parts = coding.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
      guard parts.first?.lowercased() == "gzip" else { return false }
      return !parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
    }
  }

  package static func == (left: HTTPRequest, right: HTTPRequest) -> Bool {
    left.method == right.method && left.path == right.path && left.body == right.body
      && left.query.elementsEqual(right.query, by: ==)
      && left.headers.elementsEqual(right.headers, by: ==)
  }
}
