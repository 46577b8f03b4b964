internal import Foundation

/// A client that sends exactly the bytes that it is given.
package struct RawClient: Sendable {
  let descriptor: Int32

  /// Connects to a port of the loopback.
  package init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let outcome = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard outcome == 0 else { throw POSIXError(.ECONNREFUSED) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Sends bytes; false when the server has left.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Sends a text; false when the server has left.
  @discardableResult
  package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Reads until the server closes the connection.
  package func readToEnd() async -> String {
    await offPool {
      var all: [UInt8] = []
      while let piece = read() { all += piece }
      return String(decoding: all, as: UTF8.self)
    }
  }

  /// Reads what is there; nil at the end.
  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  /// Reads one answer with a Content-Length; nil when the connection ended before.
  package func readAnswer() async -> (status: Int, body: String)? {
    await offPool { nextAnswer() }
  }

  private func nextAnswer() -> (status: Int, body: String)? {
    var all: [UInt8] = []
    while let piece = read() {
      all += piece
      let text = String(decoding: all, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let head = text[..<end.lowerBound]
      let length =
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      let body = text[end.upperBound...]
      if body.utf8.count >= length {
        return (Int(head.dropFirst(9).prefix(3)) ?? 0, String(body))
      }
    }
    return nil
  }

  /// Waits on a thread that no task needs: the answers are made by tasks.
  private func offPool<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
  }

  /// Ends the connection.
  package func end() { _ = Glibc.close(descriptor) }

  /// Tells the server that nothing more comes.
  package func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }
}
