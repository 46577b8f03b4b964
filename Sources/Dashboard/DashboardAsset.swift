/// A file of the dashboard, as the server answers it.
package struct DashboardAsset: Sendable {
  /// The path that it answers: `/` is the page, everything else is below `/assets/`.
  package let path: String
  /// The value of the header `Content-Type`.
  package let contentType: String
  /// The file.
  package let bytes: [UInt8]
  /// The file as gzip, for a client that accepts it; nil where that is not smaller.
  package let gzipBytes: [UInt8]?
  /// The value of the header `ETag`, quotes included. A gzip answer is another representation: give it
  /// ``gzipETag``.
  package let etag: String

  /// The `ETag` of the gzip answer.
  package var gzipETag: String { etag.dropLast() + "-gz\"" }

  init(_ embedded: EmbeddedAsset) {
    path = embedded.name == "index.html" ? "/" : "/assets/\(embedded.name)"
    contentType = Self.contentType(of: embedded.name)
    bytes = embedded.bytes
    let packed = embedded.gzipBytes
    gzipBytes = packed.count < bytes.count ? packed : nil
    etag = "\"\(embedded.hash)\""
  }

  private static func contentType(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    case "txt": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}
