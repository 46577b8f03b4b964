internal import Foundation
package import PayopsCore

/// A socket that accepts connections: of the loopback, an address, or a file.
package struct ListeningSocket: Sendable {
  /// Where a server listens.
  package enum Address: Sendable, Equatable {
    /// An address of the host, with its port; port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// A socket file.
    case file(String)
  }

  /// The file descriptor.
  let descriptor: Int32
  /// Where it listens, with the port that was taken.
  package let address: Address

  /// Opens a socket and listens on it.
  ///
  /// A socket file that no server answers on is replaced; its mode is 0660.
  ///
  /// - Throws: `Fault` that names the address
  package init(_ address: Address, backlog: Int32 = 511) throws(Fault) {
    switch address {
    case .tcp(let host, let port):
      (descriptor, self.address) = try Self.openTCP(host, port, backlog)
    case .file(let path):
      descriptor = try Self.openFile(path, backlog)
      self.address = address
    }
  }

  private static func openTCP(
    _ host: String, _ port: Int, _ backlog: Int32
  ) throws(Fault) -> (Int32, Address) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
    let name = host == "localhost" ? "127.0.0.1" : host
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, String(port), &hints, &found) == 0, let info = found else {
      throw .usage("'\(host)' is not an address", hint: "give one such as 127.0.0.1 or ::1")
    }
    defer { freeaddrinfo(info) }
    let descriptor = socket(info.pointee.ai_family, info.pointee.ai_socktype, 0)
    guard descriptor >= 0 else { throw failure("\(host):\(port)") }
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout.size(ofValue: yes)))
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    guard bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0,
      listen(descriptor, backlog) == 0
    else {
      let fault = failure("\(host):\(port)")
      close(descriptor)
      throw fault
    }
    var bound = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    _ = withUnsafeMutablePointer(to: &bound) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    // The port has the same place in addresses of either family.
    let taken = withUnsafeBytes(of: &bound) { Int($0[2]) << 8 | Int($0[3]) }
    return (descriptor, .tcp(host: host, port: taken))
  }

  private static func openFile(_ path: String, _ backlog: Int32) throws(Fault) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard !bytes.isEmpty, bytes.count < room else {
      throw .usage("the path of the socket file has more than \(room - 1) bytes: \(path)")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    func call(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
      }
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw failure(path) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var outcome = call { bind(descriptor, $0, $1) }
    if outcome != 0, errno == EADDRINUSE, isLeft(path, call) {
      unlink(path)
      outcome = call { bind(descriptor, $0, $1) }
    }
    guard outcome == 0, chmod(path, 0o660) == 0, listen(descriptor, backlog) == 0 else {
      let fault = failure(path)
      close(descriptor)
      throw fault
    }
    return descriptor
  }

  /// Whether a socket file is there on which nobody answers.
  private static func isLeft(
    _ path: String, _ call: ((UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32
  ) -> Bool {
    var facts = stat()
    guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK else { return false }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard probe >= 0 else { return false }
    defer { close(probe) }
    return call { connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
  }

  private static func failure(_ address: String) -> Fault {
    let reason = errno
    let hint =
      switch reason {
      case EADDRINUSE: "another program listens there; choose another --port"
      case EACCES: "this user may not listen there; ports below 1024 are for root"
      default: String?.none
      }
    return Fault(
      .cannotCreate, "cannot listen on \(address): \(String(cString: strerror(reason)))",
      hint: hint)
  }

  /// Removes the socket file; does nothing for an address.
  func removeFile() {
    if case .file(let path) = address { unlink(path) }
  }

  /// Closes a socket that no server took.
  package func abandon() {
    close(descriptor)
    removeFile()
  }
}
