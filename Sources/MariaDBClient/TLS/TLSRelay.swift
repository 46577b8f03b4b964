internal import Foundation
internal import Synchronization

/// A relay to a server that forwards only TLS.
///
/// MariaDB's client library and programs log in without encryption when a server offers none,
/// unless they check the name in its certificate as well; an option to require TLS makes no
/// difference. Through a relay they reach a server only after it has offered TLS, and their data
/// pass only when they begin with TLS.
package final class TLSRelay: Sendable {
  /// The port on the loopback address to connect to.
  package let port: Int

  private struct State {
    /// nil when no further connection is accepted.
    var listener: Int32?
    var failure: DatabaseError?
  }

  private let options: ConnectionOptions
  private let state: Mutex<State>

  /// Whether a connection needs a relay: it requires TLS, but not the name in the certificate.
  package static func isNeeded(for options: ConnectionOptions) -> Bool {
    options.usesTCP && (options.tls == .required || options.tls == .verifyCA)
  }

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - options: where the server is, and how long connecting may take.
  ///   - isForOne: whether a single connection is accepted.
  /// - Throws: ``DatabaseError`` when nothing can listen on this machine.
  package init(to options: ConnectionOptions, isForOne: Bool) throws(DatabaseError) {
    self.options = options
    let listener = socket(AF_INET, RelaySocket.stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        listener >= 0 && bind(listener, $0, length) == 0 && listen(listener, 4) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else {
      let reason = String(cString: strerror(errno))
      if listener >= 0 { close(listener) }
      throw DatabaseError(code: .cannotConnect, serverMessage: reason, context: "relay")
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    state = Mutex(State(listener: listener))
    Thread.detachNewThread { [self] in
      repeat {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { break }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        Thread.detachNewThread { self.serve(client) }
      } while !isForOne
      state.withLock { $0.listener = nil }
      close(listener)
    }
  }

  /// Why the server was not reached, or the relay refused it; nil without an error.
  package var failure: DatabaseError? { state.withLock { $0.failure } }

  /// Accepts no further connection; open ones stay.
  package func stop() {
    state.withLock { state in
      // Wakes the thread, which closes it.
      if let listener = state.listener { shutdown(listener, Int32(SHUT_RDWR)) }
    }
  }

  private func serve(_ client: Int32) {
    var server: Int32?
    do throws(DatabaseError) {
      let deadline = ContinuousClock.now + .seconds(options.connectTimeoutSeconds)
      let connected = try RelaySocket.connect(to: options, by: deadline)
      server = connected
      for descriptor in [client, connected] { RelaySocket.tune(descriptor) }
      if try introduce(client, to: connected, by: deadline) {
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
          RelaySocket.copy(from: connected, to: client)
          ended.signal()
        }
        RelaySocket.copy(from: client, to: connected)
        ended.wait()
      }
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
    if let server { close(server) }
    close(client)
  }

  /// Forwards the server's greeting and the client's TLS request, after checking both.
  ///
  /// - Returns: whether TLS begins; false when one side ended before.
  private func introduce(
    _ client: Int32, to server: Int32, by deadline: ContinuousClock.Instant
  ) throws(DatabaseError) -> Bool {
    guard let greeting = RelaySocket.packet(from: server, by: deadline) else { return false }
    let payload = greeting.dropFirst(4)
    // An error instead of a greeting, such as too many connections, is for the client to read.
    guard payload.first != 0xff else {
      _ = RelaySocket.send(greeting[...], to: client)
      return false
    }
    guard Self.offersTLS(payload) else { throw Self.unavailable }
    guard RelaySocket.send(greeting[...], to: client),
      let request = RelaySocket.packet(from: client, by: deadline)
    else { return false }
    // A login packet is longer than 32 bytes: the name of the account follows.
    guard request.count == 36, request[5] & 0x08 != 0 else { throw Self.unavailable }
    guard RelaySocket.send(request[...], to: server),
      let first = RelaySocket.bytes(1, from: client, by: deadline)
    else { return false }
    guard first == [0x16] else { throw Self.unavailable }
    return RelaySocket.send(first[...], to: server)
  }

  private static var unavailable: DatabaseError {
    DatabaseError(code: .tlsUnavailable, context: "")
  }

  /// Whether a greeting of protocol 10 has the flag of TLS among its capabilities.
  private static func offersTLS(_ payload: ArraySlice<UInt8>) -> Bool {
    guard payload.first == 10, let end = payload.dropFirst().firstIndex(of: 0) else { return false }
    // After the version: connection id, 8 bytes of scramble, a filler.
    let capabilities = end + 1 + 4 + 8 + 1
    guard capabilities + 1 < payload.endIndex else { return false }
    return payload[capabilities + 1] & 0x08 != 0
  }
}
