internal import CMicrohttpd
internal import Foundation
internal import Synchronization

/// One request and its answer, on the thread of its connection.
final class MicrohttpdExchange {
  private let core: MicrohttpdServer.Core
  private let target: String
  private let limit: ConnectionWatch.Entry
  private var request: HTTPRequest?
  private var body: [UInt8] = []
  private var expected = 0

  init(core: MicrohttpdServer.Core, target: String, limit: ConnectionWatch.Entry) {
    self.core = core
    self.target = target
    self.limit = limit
  }

  /// Takes the next piece of the request.
  func advance(
    _ connection: OpaquePointer, method: String, version: String,
    upload: UnsafeRawBufferPointer
  ) -> MHD_Result {
    if let request {
      guard upload.isEmpty else {
        guard body.count + upload.count <= expected else { return .NO }
        body += upload
        return .YES
      }
      return answer(
        connection,
        HTTPRequest(
          method: request.method, path: request.path, query: request.query,
          headers: request.headers, body: body),
        version: version)
    }
    do throws(HTTPRefusal) {
      let head = RequestHead(
        method: method, target: target, version: version, fields: Self.fields(of: connection),
        size: payops_mhd_head_size(connection))
      core.counts.requests.add(1, ordering: .relaxed)
      let (checked, length) = try head.checked(core.limits)
      guard length <= core.handler.bodyLimit(checked) else {
        throw HTTPRefusal(413, "the body has \(length) bytes, more than is accepted here")
      }
      // An answer before the end of the request would end the connection, also without a body.
      request = checked
      expected = length
      body.reserveCapacity(length)
      limit.expect(within: core.limits.bodyDeadline)
      return .YES
    } catch {
      core.counts.refused.add(1, ordering: .relaxed)
      return send(core.handler.refuse(error), on: connection, closes: true)
    }
  }

  /// Notes that the answer was sent or the connection ended.
  func complete() {
    limit.expect(within: .seconds(core.limits.idleSeconds) + core.limits.headDeadline)
  }

  private func answer(
    _ connection: OpaquePointer, _ request: HTTPRequest, version: String
  ) -> MHD_Result {
    limit.expect(within: core.limits.answerDeadline + .seconds(10))
    core.counts.active.add(1, ordering: .relaxed)
    defer { core.counts.active.subtract(1, ordering: .relaxed) }
    switch core.handler.immediate(request) {
    case .once(let response): return send(response, on: connection)
    case .kept(let kept): return send(kept, on: connection)
    case nil: break
    }
    let response = wait(for: request)
    if case .stream = response.body, version != "HTTP/1.1" {
      let refusal = HTTPRefusal(505, "a streamed answer needs HTTP/1.1, whose end can be seen")
      return send(core.handler.refuse(refusal), on: connection, closes: true)
    }
    return send(response, on: connection)
  }

  /// Waits on this thread for an answer that is made by a task.
  private func wait(for request: HTTPRequest) -> HTTPResponse {
    let done = DispatchSemaphore(value: 0)
    let handler = core.handler
    let box = SharedResult(done: done)
    let task = Task { box.put(await handler.respond(to: request)) }
    let seconds = core.limits.answerDeadline / .seconds(1)
    if done.wait(timeout: .now() + seconds) == .success, let response = box.take() {
      return response
    }
    task.cancel()
    return handler.refuse(HTTPRefusal(503, "the answer took too long"))
  }

  private func send(
    _ response: HTTPResponse, on connection: OpaquePointer, closes: Bool = false
  ) -> MHD_Result {
    if case .stream = response.body { limit.expect(within: core.limits.streamDeadline) }
    guard let answer = MicrohttpdResponse(response, core: core, closes: closes) else { return .NO }
    return answer.queue(on: connection, status: response.status)
  }

  private func send(_ kept: KeptResponse, on connection: OpaquePointer) -> MHD_Result {
    if let answer = kept.prepared.load() {
      return answer.queue(on: connection, status: kept.response.status)
    }
    guard let made = MicrohttpdResponse(kept.response, core: core) else { return .NO }
    // Another connection may have been earlier; then its answer is the one that is kept.
    let answer = kept.prepared.storeIfNil(made)
    return answer.queue(on: connection, status: kept.response.status)
  }

  /// The fields of the head with all their bytes.
  private static func fields(of connection: OpaquePointer) -> [(name: [UInt8], value: [UInt8])] {
    var fields: [(name: [UInt8], value: [UInt8])] = []
    withUnsafeMutablePointer(to: &fields) { pointer in
      _ = MHD_get_connection_values_n(
        connection, .HEADER_KIND,
        { context, _, name, nameSize, value, valueSize in
          let fields = context?.assumingMemoryBound(to: [(name: [UInt8], value: [UInt8])].self)
          fields?.pointee.append(
            (
              name: Array(UnsafeRawBufferPointer(start: name, count: nameSize)),
              value: Array(UnsafeRawBufferPointer(start: value, count: valueSize))
            ))
          return .YES
        }, pointer)
    }
    return fields
  }
}

/// An answer on its way from a task to a thread that waits.
private final class SharedResult: Sendable {
  private let done: DispatchSemaphore
  private let result = Mutex<HTTPResponse?>(nil)

  init(done: DispatchSemaphore) { self.done = done }

  func put(_ response: HTTPResponse) {
    result.withLock { $0 = response }
    done.signal()
  }

  func take() -> HTTPResponse? { result.withLock { $0 } }
}
