-- wrk -s bench/load.lua URL -- PATH_TEMPLATE [BODY_TEMPLATE]: `{key}` is replaced by a random number from 1 to KEYS
-- (an environment variable) in every request. With a body it is a POST. Ends with one line of JSON.
local keys = tonumber(os.getenv("KEYS") or "100000")
local threads = 0

function setup(thread)
  thread:set("seed", threads)
  threads = threads + 1
end

local function with_key(template)
  return (template:gsub("{key}", function() return tostring(math.random(keys)) end))
end

function init(arguments)
  math.randomseed(os.time() * 16 + seed)
  local path, body = arguments[1], arguments[2]
  if body then
    wrk.headers["Content-Type"] = "application/json"
    request = function() return wrk.format("POST", with_key(path), nil, with_key(body)) end
  elseif path:find("{key}", 1, true) then
    request = function() return wrk.format("GET", with_key(path)) end
  else  -- the same bytes every time, which costs wrk least
    wrk.path = path
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'JSON {"requests":%d,"seconds":%.6f,"failed":%d,"refused":%d,"p50_us":%d,"p99_us":%d}\n', summary.requests,
    summary.duration / 1e6, e.connect + e.read + e.write + e.timeout, e.status, latency:percentile(50),
    latency:percentile(99)))
end
