internal import CMicrohttpd
internal import Foundation
internal import PayopsCore
internal import Synchronization

/// A server on GNU libmicrohttpd, with a thread for each connection, which may wait for an answer.
///
/// Debian's 0.9.75 lacks later corrections of its TLS, authentication, post processor and suspended
/// connections: none of them is used. Heads are checked by ``RequestHead`` before a body is read.
package final class MicrohttpdServer: HTTPServing {
  /// What the callbacks of the library need; alive until the library has stopped.
  final class Core: Sendable {
    let limits: HTTPLimits
    let handler: any HTTPHandler
    let watch = ConnectionWatch()
    let counts = HTTPCounters()

    init(limits: HTTPLimits, handler: any HTTPHandler) {
      self.limits = limits
      self.handler = handler
    }
  }

  // The library's server may be used from any thread; it is stopped once, by who took it from the
  // state.
  private struct Library: @unchecked Sendable {
    let daemon: OpaquePointer
  }

  private struct State {
    var library: Library?
    var core: Core?
    var socket: ListeningSocket?
  }

  private let limits: HTTPLimits
  private let state: Mutex<State>

  /// Makes a server that listens nowhere yet.
  package init(limits: HTTPLimits = HTTPLimits()) {
    self.limits = limits
    state = Mutex(State())
  }

  package var statistics: HTTPStatistics {
    guard let core = state.withLock({ $0.core }) else { return HTTPStatistics() }
    return core.counts.statistics(overdue: core.watch.overdue)
  }

  package func start(on socket: ListeningSocket, handler: any HTTPHandler) throws {
    let core = Core(limits: limits, handler: handler)
    var settings = payops_mhd_settings()
    settings.context = Unmanaged.passUnretained(core).toOpaque()
    settings.begin = beginExchange
    settings.handle = handleExchange
    settings.complete = completeExchange
    settings.notice = noticeConnection
    settings.listening = socket.descriptor
    settings.connections = UInt32(limits.connections)
    settings.connections_per_address = UInt32(limits.connectionsPerAddress)
    settings.idle_seconds = UInt32(limits.idleSeconds)
    // For the target and the fields of a head, and one piece of a body.
    settings.connection_memory = 16 * 1024
    settings.stack_size = 256 * 1024
    guard let daemon = payops_mhd_start(&settings) else {
      socket.abandon()
      throw Fault(.internalError, "the HTTP server cannot be started")
    }
    core.watch.start()
    let library = Library(daemon: daemon)
    state.withLock { state in
      state.library = library
      state.core = core
      state.socket = socket
    }
  }

  package func stop(drain: Duration) async {
    let (library, core, socket) = state.withLock { state in
      defer { state.library = nil }
      return (state.library, state.core, state.socket)
    }
    guard let library, let core else { return }
    // The library no longer knows the socket, which is ours again.
    let listening = MHD_quiesce_daemon(library.daemon)
    if listening >= 0 { close(listening) }
    socket?.removeFile()
    let end = ContinuousClock.now + drain
    while core.counts.active.load(ordering: .relaxed) > 0, ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(20))
    }
    core.watch.stop()
    // It waits for the threads of connections.
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        MHD_stop_daemon(library.daemon)
        continuation.resume()
      }
    }
    // Callbacks held it without counting: it had to outlive them.
    withExtendedLifetime(core) {}
  }
}
