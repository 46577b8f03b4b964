internal import CMicrohttpd

/// An answer as the library keeps it. The library counts its users itself and lets several
/// connections send one answer at the same time.
final class MicrohttpdResponse: @unchecked Sendable {
  private let answer: OpaquePointer

  /// Makes the answer; nil without memory.
  init?(_ response: HTTPResponse, core: MicrohttpdServer.Core, closes: Bool = false) {
    let made: OpaquePointer?
    switch response.body {
    case .none: made = MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
    case .bytes(let bytes):
      made = bytes.withUnsafeBufferPointer { buffer in
        MHD_create_response_from_buffer(
          buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress),
          .RESPMEM_MUST_COPY)
      }
    case .stream(let write): made = StreamedBody.response(core, write)
    }
    guard let made else { return nil }
    answer = made
    for (name, value) in response.headers { MHD_add_response_header(made, name, value) }
    if closes { MHD_add_response_header(made, "Connection", "close") }
  }

  deinit { MHD_destroy_response(answer) }

  /// Lets a connection send it.
  func queue(on connection: OpaquePointer, status: Int) -> MHD_Result {
    MHD_queue_response(connection, UInt32(status), answer)
  }
}
