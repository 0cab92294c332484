-- wrk -s bench/load.lua URL -- PATH_TEMPLATE [BODY_TEMPLATE]: `{key}` is replaced by a random number from 1 to KEYS
-- (an environment variable) in every request. With a body it is a POST. Ends with one line of JSON.
local keys = tonumber(os.getenv("KEYS") or "100000")
local threads = 0

function setup(thread)
  thread:set("seed", threads)
  threads = threads + 1
end

function init(arguments)
  math.randomseed(os.time() * 16 + seed)
  path, body = arguments[1], arguments[2]
  if body then wrk.headers["Content-Type"] = "application/json" end
end

local function with_key(template)
  return (template:gsub("{key}", function() return tostring(math.random(keys)) end))
end

function request()
  if body then return wrk.format("POST", with_key(path), nil, with_key(body)) end
  return wrk.format("GET", with_key(path))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'JSON {"requests":%d,"seconds":%.6f,"failed":%d,"refused":%d,"p50_us":%d,"p99_us":%d}\n', summary.requests,
    summary.duration / 1e6, e.connect + e.read + e.write + e.timeout, e.status, latency:percentile(50),
    latency:percentile(99)))
end
