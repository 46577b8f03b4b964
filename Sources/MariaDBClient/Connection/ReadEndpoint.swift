/// A replica that answers read queries in place of the server.
package struct ReadEndpoint: Sendable, Equatable {
  private enum Place: Equatable {
    case tcp(host: String, port: Int?)
    case socket(String)
  }

  private let place: Place

  /// Reads `HOST`, `HOST:PORT`, `[ADDRESS]:PORT` or the path of a socket; nil for anything else.
  package init?(_ text: String) {
    if text.hasPrefix("/") {
      place = .socket(text)
      return
    }
    guard
      let match = text.wholeMatch(
        of: #/(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<host>[^:\[\]\s\/]+))(?::(?<port>[0-9]{1,5}))?/#)
    else { return nil }
    let port = match.port.flatMap { Int($0) }
    if match.port != nil { guard let port, (1...65535).contains(port) else { return nil } }
    place = .tcp(host: String(match.v6 ?? match.host ?? ""), port: port)
  }

  /// Options for the replica with the same account, schema and encryption.
  package func options(from options: ConnectionOptions) -> ConnectionOptions {
    var changed = options
    switch place {
    case .tcp(let host, let port):
      changed.host = host
      changed.port = port ?? options.port
      changed.socket = nil
    case .socket(let path):
      changed.host = nil
      changed.socket = path
    }
    return changed
  }
}
