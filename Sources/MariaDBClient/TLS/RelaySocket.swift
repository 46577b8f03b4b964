internal import Foundation

/// The socket operations of a relay; every wait has a deadline until both sides use TLS.
enum RelaySocket {
  static let stream = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

  /// Connects to the first address of a host that answers.
  static func connect(to options: ConnectionOptions, by deadline: ContinuousClock.Instant)
    throws(DatabaseError) -> Int32
  {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(options.host ?? "localhost", "\(options.port ?? 3306)", &hints, &found)
    guard status == 0 else {
      throw DatabaseError(
        code: .cannotConnect, serverMessage: String(cString: gai_strerror(status)), context: "")
    }
    defer { freeaddrinfo(found) }
    var reason: Int32 = ECONNREFUSED
    var next = found
    while let address = next {
      next = address.pointee.ai_next
      let descriptor = socket(address.pointee.ai_family, stream, 0)
      guard descriptor >= 0 else { continue }
      reason = connect(descriptor, address.pointee, by: deadline)
      if reason == 0 { return descriptor }
      close(descriptor)
    }
    throw DatabaseError(
      code: .cannotConnect, serverMessage: String(cString: strerror(reason)), context: "")
  }

  /// Why a server cannot be reached, found by another attempt; nil when it can.
  static func refusal(of options: ConnectionOptions) -> DatabaseError? {
    do throws(DatabaseError) {
      close(
        try connect(
          to: options, by: ContinuousClock.now + .seconds(min(3, options.connectTimeoutSeconds))))
      return nil
    } catch {
      return error
    }
  }

  /// Connects a socket; the error number, 0 for none.
  private static func connect(
    _ descriptor: Int32, _ address: addrinfo, by deadline: ContinuousClock.Instant
  ) -> Int32 {
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    defer { _ = fcntl(descriptor, F_SETFL, flags) }
    if Foundation.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
    guard errno == EINPROGRESS else { return errno }
    guard wait(for: descriptor, Int16(POLLOUT), until: deadline) else { return ETIMEDOUT }
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    return number
  }

  /// Makes the socket send small packets at once, and detect a lost peer.
  static func tune(_ descriptor: Int32) {
    var yes: Int32 = 1
    let length = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, length)
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, length)
  }

  /// A whole protocol packet with its head; nil when it does not arrive or is not a handshake.
  static func packet(from descriptor: Int32, by deadline: ContinuousClock.Instant) -> [UInt8]? {
    guard let head = bytes(4, from: descriptor, by: deadline) else { return nil }
    let length = Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16
    guard (1...4096).contains(length), let payload = bytes(length, from: descriptor, by: deadline)
    else { return nil }
    return head + payload
  }

  /// Reads an exact number of bytes; nil when they do not arrive.
  static func bytes(_ count: Int, from descriptor: Int32, by deadline: ContinuousClock.Instant)
    -> [UInt8]?
  {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: count)
    while result.count < count {
      guard wait(for: descriptor, Int16(POLLIN), until: deadline) else { return nil }
      let read = recv(descriptor, &buffer, count - result.count, 0)
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { return nil }
      result += buffer.prefix(read)
    }
    return result
  }

  /// Sends all bytes; false when the other side has closed.
  static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { send($0, to: descriptor) }
  }

  private static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let sent = Foundation.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
    }
    return true
  }

  /// Forwards all bytes until one side closes, then closes the other direction.
  static func copy(from source: Int32, to target: Int32) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = recv(source, buffer.baseAddress, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0,
        send(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]), to: target)
      else { break }
    }
    shutdown(target, Int32(SHUT_WR))
    shutdown(source, Int32(SHUT_RD))
  }

  private static func wait(
    for descriptor: Int32, _ events: Int16, until deadline: ContinuousClock.Instant
  ) -> Bool {
    while true {
      let left = deadline - ContinuousClock.now
      guard left > .zero else { return false }
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      let (seconds, fraction) = left.components
      let milliseconds = seconds * 1000 + fraction / 1_000_000_000_000_000 + 1
      let ready = poll(&entry, 1, Int32(clamping: milliseconds))
      if ready > 0 { return true }
      if ready < 0, errno != EINTR { return false }
    }
  }
}
