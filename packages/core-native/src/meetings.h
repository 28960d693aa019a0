// Where the members of a team must wait for each other.
//
// Most ops treat each row of a batch for itself. Members share the rows in the same way in all of
// them, so that one may follow the other without a meeting; what is made of all rows may not.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// Sets `meets` of each op that needs what other members have made since they last met, or would
// change what they may still be reading.
void bindMeetings(const Entry& entry, Op* ops);

}  // namespace
}  // namespace bitgrad
