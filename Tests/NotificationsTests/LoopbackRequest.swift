import Foundation

/// A plain request to a server on this machine, without any code that is tested.
enum LoopbackRequest {
  /// The body of the answer to a GET that succeeds.
  static func get(_ path: String, port: Int) throws -> Data {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard connected else { throw POSIXError(.ECONNREFUSED) }
    // HTTP 1.0 answers in one piece and closes.
    let request = Array("GET \(path) HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".utf8)
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    else { throw POSIXError(.EPIPE) }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      answer += buffer.prefix(count)
    }
    guard let end = answer.firstRange(of: Data("\r\n\r\n".utf8)),
      answer.starts(with: Data("HTTP/1.0 200".utf8))
    else { throw POSIXError(.EPROTO) }
    return answer[end.upperBound...]
  }
}
