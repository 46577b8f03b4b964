internal import CCurl
internal import Cryptography
internal import Foundation
internal import PayopsCore

/// One exchange with a server through libcurl, with the same rules for every protocol: addresses
/// and certificates are checked, redirects and proxies of the environment are ignored, time and
/// size are limited.
///
/// It blocks, and only the thread that made it may use it.
final class Transfer {
  /// How an exchange ended.
  struct Ending: Sendable {
    /// The result code of libcurl.
    let code: CURLcode
    /// The last status of the server; 0 without one.
    let status: Int
    /// Status and headers of HTTP.
    let head: ResponseHead
    /// The beginning of the body.
    let body: [UInt8]
    /// Whether all addresses were refused.
    let wasRefused: Bool
    /// Whether a socket for the server was opened.
    let wasOpened: Bool
  }

  /// The most bytes of a body that are read.
  static let bodyLimit = 65_536
  /// The most bytes of a body that are kept.
  static let keptLimit = 2048

  /// Initialises libcurl and libsodium, once per process.
  static let isReady: Bool =
    curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK && SodiumLibrary.isReady

  private let handle: UnsafeMutableRawPointer
  private var lists: [UnsafeMutablePointer<curl_slist>?] = []
  private var faults: [CURLcode] = []

  // State of the callbacks.
  private let addresses: AddressGuard
  private let loopbackOnly: Bool
  private let cancellation: CancellationFlag
  private var upload: [UInt8] = []
  private var uploaded = 0
  private var head = ResponseHead()
  private var bodyCount = 0
  private var body: [UInt8] = []
  private var refusedCount = 0
  private var openedCount = 0

  /// Prepares an exchange.
  ///
  /// - Parameters:
  ///   - url: the URL of the request.
  ///   - connection: how to reach the server.
  ///   - cancellation: checked at least once a second.
  /// - Returns: nil when libcurl cannot start.
  init?(to url: ChannelURL, over connection: ChannelConnection, cancellation: CancellationFlag) {
    guard Self.isReady, let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.cancellation = cancellation
    addresses = AddressGuard(allowed: connection.allowedNetworks)
    // A loopback name in the URL must also resolve to a loopback address.
    loopbackOnly = connection.mayBePlain(url)
    set(CURLOPT_URL, url.text)
    set(CURLOPT_PROTOCOLS_STR, url.scheme)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, connection.connectTimeout.milliseconds)
    set(CURLOPT_TIMEOUT_MS, connection.totalTimeout.milliseconds)
    // A name server that hangs must not delay the end.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
    set(CURLOPT_FORBID_REUSE, 1)
    // An empty name disables proxies, even when the environment names one.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NOPROXY, "*")
    set(CURLOPT_NETRC, 0)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let file = connection.authorityFile {
      set(CURLOPT_CAINFO, file)
      faults.append(payops_curl_set_text(handle, CURLOPT_CAPATH, nil))
    }
    set(CURLOPT_NOPROGRESS, 0)
    setCallbacks()
  }

  deinit {
    curl_easy_cleanup(handle)
    for list in lists { curl_slist_free_all(list) }
  }

  /// Sets an option; a failure is reported when the exchange is performed.
  func set(_ option: CURLoption, _ value: Int) {
    faults.append(payops_curl_set_long(handle, option, value))
  }

  /// Sets an option, whose text libcurl copies.
  func set(_ option: CURLoption, _ value: String) {
    faults.append(payops_curl_set_text(handle, option, value))
  }

  /// Sets an option that is a list of texts.
  func set(_ option: CURLoption, _ values: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for value in values {
      guard let longer = curl_slist_append(list, value) else {
        faults.append(CURLE_OUT_OF_MEMORY)
        break
      }
      list = longer
    }
    lists.append(list)
    faults.append(payops_curl_set_list(handle, option, list))
  }

  /// Sets the body of a POST.
  func post(_ body: [UInt8]) {
    set(CURLOPT_POST, 1)
    faults.append(payops_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
    faults.append(payops_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, body))
  }

  /// Sets the message to upload.
  func send(_ message: [UInt8]) {
    upload = message
    set(CURLOPT_UPLOAD, 1)
    faults.append(payops_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count)))
  }

  /// Performs the exchange; blocks.
  func perform() -> Ending {
    let fault = faults.first { $0 != CURLE_OK }
    let code = fault ?? curl_easy_perform(handle)
    var status = 0
    _ = payops_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return Ending(
      code: code, status: status, head: head, body: body,
      wasRefused: refusedCount > 0 && openedCount == 0, wasOpened: openedCount > 0)
  }

  private func setCallbacks() {
    // The callbacks run within `perform`, while this object lives.
    let this = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    for option in [
      CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_XFERINFODATA,
      CURLOPT_OPENSOCKETDATA,
    ] {
      faults.append(payops_curl_set_pointer(handle, option, this))
    }
    faults.append(
      payops_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, data in
        guard let bytes, let transfer = Transfer.from(data) else { return 0 }
        return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
          ? size * count : 0
      })
    faults.append(
      payops_curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, data in
        guard let bytes, let transfer = Transfer.from(data) else { return 0 }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return transfer.head.add(String(decoding: line, as: UTF8.self)) ? size * count : 0
      })
    faults.append(
      payops_curl_set_data_callback(handle, CURLOPT_READFUNCTION) { bytes, size, count, data in
        guard let bytes, let transfer = Transfer.from(data) else { return 0 }
        return transfer.fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
      })
    faults.append(
      payops_curl_set_progress_callback(handle) { data, _, _, _, _ in
        Transfer.from(data)?.cancellation.isRaised == true ? 1 : 0
      })
    faults.append(
      payops_curl_set_socket_callback(handle) { data, _, address in
        guard let address, let transfer = Transfer.from(data) else { return -1 }
        return transfer.open(address)
      })
  }

  private static func from(_ data: UnsafeMutableRawPointer?) -> Transfer? {
    data.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Receives a piece of the body.
  private func receive(_ piece: UnsafeRawBufferPointer) -> Bool {
    bodyCount += piece.count
    body += piece.prefix(max(0, Self.keptLimit - body.count))
    return bodyCount <= Self.bodyLimit
  }

  /// Fills a buffer with the next piece of the message.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = upload[uploaded...].prefix(buffer.count)
    buffer.copyBytes(from: piece)
    uploaded += piece.count
    return piece.count
  }

  /// Creates the socket for an allowed address: the checked address is the connected one, even when
  /// the name resolves to another a moment later.
  private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    guard let place = address.pointer(to: \.addr),
      let found = IPAddress(
        socketAddress: UnsafeRawPointer(place), length: Int(address.pointee.addrlen)),
      addresses.allows(found), !loopbackOnly || found.isLoopback
    else {
      refusedCount += 1
      return -1
    }
    openedCount += 1
    return socket(
      address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
      address.pointee.protocol)
  }
}

extension Duration {
  /// Whole milliseconds, at least 1: for libcurl, 0 means no limit.
  var milliseconds: Int {
    max(1, Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
  }
}
