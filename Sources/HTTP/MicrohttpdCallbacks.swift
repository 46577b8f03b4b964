internal import CMicrohttpd
internal import Synchronization

// The library calls these on threads of its own, so none may belong to an actor.

private func core(_ context: UnsafeMutableRawPointer?) -> MicrohttpdServer.Core? {
  context.map { Unmanaged<MicrohttpdServer.Core>.fromOpaque($0).takeUnretainedValue() }
}

/// A request line was read: makes the exchange that the other callbacks get.
let beginExchange:
  @convention(c) (
    UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?
  ) -> UnsafeMutableRawPointer? = { context, target, connection in
    guard let core = core(context), let target, let connection else { return nil }
    guard let kept = payops_mhd_socket_context(connection) else { return nil }
    let limit = Unmanaged<ConnectionWatch.Entry>.fromOpaque(kept).takeUnretainedValue()
    limit.expect(within: core.limits.headDeadline)
    let exchange = MicrohttpdExchange(
      core: core, target: String(cString: target), limit: limit)
    return Unmanaged.passRetained(exchange).toOpaque()
  }

/// A head, a piece of a body, or the end of the request was read.
let handleExchange: MHD_AccessHandlerCallback = {
  _, connection, _, method, version, upload, size, context in
  guard let connection, let method, let version, let size, let opaque = context?.pointee else {
    return .NO
  }
  let exchange = Unmanaged<MicrohttpdExchange>.fromOpaque(opaque).takeUnretainedValue()
  let piece = UnsafeRawBufferPointer(start: upload, count: size.pointee)
  let result = exchange.advance(
    connection, method: String(cString: method), version: String(cString: version), upload: piece)
  size.pointee = 0
  return result
}

/// The answer was sent, or the connection has ended.
let completeExchange: MHD_RequestCompletedCallback = { _, _, context, _ in
  guard let opaque = context?.pointee else { return }
  context?.pointee = nil
  Unmanaged<MicrohttpdExchange>.fromOpaque(opaque).takeRetainedValue().complete()
}

/// A connection was accepted, or is about to be closed.
let noticeConnection: MHD_NotifyConnectionCallback = { context, connection, kept, event in
  guard let core = core(context), let connection else { return }
  switch event {
  case .CONNECTION_NOTIFY_STARTED:
    let entry = core.watch.watch(
      payops_mhd_socket(connection), within: core.limits.headDeadline)
    kept?.pointee = Unmanaged.passRetained(entry).toOpaque()
    core.counts.connections.add(1, ordering: .relaxed)
    core.counts.openConnections.add(1, ordering: .relaxed)
  default:
    guard let opaque = kept?.pointee else { return }
    let entry = Unmanaged<ConnectionWatch.Entry>.fromOpaque(opaque).takeRetainedValue()
    kept?.pointee = nil
    core.watch.forget(entry.descriptor)
    core.counts.openConnections.subtract(1, ordering: .relaxed)
  }
}
