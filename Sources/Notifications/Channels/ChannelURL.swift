internal import CCurl

/// A URL as libcurl parses it: what is checked must be what libcurl connects to.
struct ChannelURL: Equatable {
  /// The whole URL.
  let text: String
  /// The scheme in lower case.
  let scheme: String
  /// The name or address of the server; IPv6 without brackets.
  let host: String
  /// Whether the URL has a path or query.
  let hasPath: Bool

  /// Reads a URL.
  ///
  /// - Returns: nil for an invalid URL, or one with a user, password, blank or control character.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), text.utf8.count <= 2000,
      let parts = curl_url()
    else { return nil }
    defer { curl_url_cleanup(parts) }
    let flags = UInt32(CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME)
    guard curl_url_set(parts, CURLUPART_URL, text, flags) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: parts),
      let host = Self.part(CURLUPART_HOST, of: parts), !host.isEmpty
    else { return nil }
    self.text = text
    self.scheme = scheme.lowercased()
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host.lowercased()
    let path = Self.part(CURLUPART_PATH, of: parts) ?? "/"
    hasPath = path != "/" || Self.part(CURLUPART_QUERY, of: parts) != nil
  }

  /// Reads the address of a web page that people may open.
  ///
  /// - Returns: nil also for schemes other than https and http.
  init?(page text: String) {
    self.init(text)
    guard ["https", "http"].contains(scheme) else { return nil }
  }

  /// Scheme and host, which are safe to show: paths of webhooks often contain a token.
  var shown: String { "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)" }

  /// Whether the host is this machine, by its name or address.
  var isLoopback: Bool { host == "localhost" || IPAddress(host)?.isLoopback == true }

  private static func part(_ what: CURLUPart, of parts: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(parts, what, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
