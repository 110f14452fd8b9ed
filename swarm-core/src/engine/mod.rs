//! stub
use crate::context::Context;
use crate::user::User;
pub(crate) async fn user_loop<U: User>(_context: Context) {}
