internal import CMicrohttpd
internal import Foundation
internal import Synchronization

/// The body of an answer that a task writes while the thread of its connection sends it.
final class StreamedBody {
  private let core: MicrohttpdServer.Core
  private let pipe: BodyPipe
  private let task: Task<Void, Never>

  private init(
    _ core: MicrohttpdServer.Core,
    _ write: @escaping @Sendable (any HTTPBodyWriter) async throws -> Void
  ) {
    let pipe = BodyPipe()
    self.core = core
    self.pipe = pipe
    core.counts.active.add(1, ordering: .relaxed)
    task = Task {
      do {
        try await write(pipe)
        pipe.finish(.end)
      } catch {
        pipe.finish(.failure)
      }
    }
  }

  /// Makes the answer of the library, which frees the body.
  static func response(
    _ core: MicrohttpdServer.Core,
    _ write: @escaping @Sendable (any HTTPBodyWriter) async throws -> Void
  ) -> OpaquePointer? {
    let body = Unmanaged.passRetained(StreamedBody(core, write))
    return MHD_create_response_from_callback(
      payops_mhd_size_unknown(), 32_768,
      { context, _, buffer, room in
        guard let context, let buffer else { return payops_mhd_end_with_error() }
        let body = Unmanaged<StreamedBody>.fromOpaque(context).takeUnretainedValue()
        switch body.pipe.read(atMost: room) {
        case .bytes(let bytes):
          bytes.withUnsafeBytes {
            UnsafeMutableRawPointer(buffer).copyMemory(
              from: $0.baseAddress ?? .init(buffer), byteCount: $0.count)
          }
          return bytes.count
        case .end: return payops_mhd_end_of_stream()
        case .failure: return payops_mhd_end_with_error()
        }
      },
      body.toOpaque(),
      { context in
        guard let context else { return }
        Unmanaged<StreamedBody>.fromOpaque(context).takeRetainedValue().end()
      })
  }

  private func end() {
    pipe.close()
    task.cancel()
    core.counts.active.subtract(1, ordering: .relaxed)
  }
}
