internal import Compression
internal import HTTP

extension HTTPResponse {
  /// Below this many bytes an answer fits one packet anyway.
  private static let least = 1400

  /// The answer compressed, when that is worth it and the client takes it. A stream stays as it is:
  /// a proxy in front compresses it.
  func packed(for request: HTTPRequest) -> HTTPResponse {
    guard case .bytes(let bytes) = body, bytes.count >= Self.least,
      !headers.contains(where: { $0.name == "Vary" })
    else { return self }
    var response = self
    response.headers.append((name: "Vary", value: "Accept-Encoding"))
    guard request.takesGzip, let packed = Gzip.compressed(bytes) else { return response }
    response.headers.append((name: "Content-Encoding", value: "gzip"))
    response.body = .bytes(packed)
    return response
  }
}
